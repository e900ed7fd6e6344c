/** The key of a sidecar in the gateway's `sidecars`. */
export const sidecarKeyOf = (clusterId: string, shareIndex: number): string => `${clusterId}:${shareIndex}`;

/** The sidecar with this key. */
export function sidecarOfKey(key: string): {clusterId: string; shareIndex: number} {
  const [clusterId = "", shareIndex] = key.split(":");
  return {clusterId, shareIndex: Number(shareIndex)};
}
