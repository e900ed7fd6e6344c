import {writeFile} from "node:fs/promises";

type Env = Readonly<Record<string, string>>;

/** Variables as a shell reads them, and systemd and Docker too where no value is out of the ordinary. */
export const toEnvLines = (env: Env): string[] => Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);

/** Mode 0600: a server's URL may have a password in it. */
export const writeEnvFile = (path: string, env: Env): Promise<void> =>
  writeFile(path, `${toEnvLines(env).join("\n")}\n`, {mode: 0o600});

/** The value as one word of a shell. */
export const quoted = (value: string): string =>
  /^[\w@%+=:,./{}-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
