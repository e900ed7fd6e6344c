/**
 * What an Authorization header says of the login in a URL, which fetch does not take there; undefined where it has none. URIError
 * where that is not encoded as URLs are.
 */
export function basicLoginOf({username, password}: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const login = [username, password].map(decodeURIComponent).join(":");
  return `Basic ${Buffer.from(login).toString("base64")}`;
}
