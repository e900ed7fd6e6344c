/** The Authorization header for the login in a URL; undefined where it has none. URIError where the login is not encoded as URLs are. */
export function basicLoginOf({username, password}: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const login = [username, password].map(decodeURIComponent).join(":");
  return `Basic ${Buffer.from(login).toString("base64")}`;
}
