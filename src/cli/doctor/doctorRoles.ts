/** Whose needs `dvt doctor` looks at. */
export const doctorRoles = ["relayer", "aggregator", "sidecar", "gateway", "console", "operator"] as const;
export type DoctorRole = (typeof doctorRoles)[number];
