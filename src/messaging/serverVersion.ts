/** For people. */
export const safeServerVersions = "2.12.12 or a later 2.12, or 2.14.3 or later";

/** Whether this version is safe: others lose acknowledged messages in a crash, or leak messages across accounts. */
export function isSafeServerVersion(version: string): boolean {
  const [release = "", preview] = version.split("-");
  const [major = 0, minor = 0, number = 0] = release.split(".").map(Number);
  // A preview lacks some of what its release has.
  const patch = preview === undefined ? number : number - 1;
  if (major !== 2) return major > 2;
  if (minor === 12) return patch >= 12;
  if (minor === 14) return patch >= 3;
  return minor > 14;
}
