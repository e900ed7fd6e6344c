/** Where the files are that a packaged example names in /etc/dvt, and the installation that it names in /opt/dvt-exits. */
export type Places = {
  readonly folder: string;
  readonly installation: string;
  /** The path of Node.js. */
  readonly node: string;
};

/** The text with these places in the stead of an example's. */
export const fillPlaces = (text: string, {folder, installation, node}: Places): string =>
  text
    .replaceAll(/\/etc\/dvt(?=\/|$)/gm, folder)
    .replaceAll("/opt/dvt-exits/", `${installation}/`)
    .replaceAll("/usr/bin/node ", `${node} `);

/** Values of settings. A secret is in a file, so NAME_FILE may stand for NAME; what is undefined is commented out. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** An example's text with these settings, whether it has them commented out or not. Throws if it does not have one of them. */
export const fillSettings = (example: string, settings: Settings): string =>
  Object.entries(settings).reduce(
    (text, [name, value]) =>
      replaceOnly(text, new RegExp(`^#?${name.replace(/_FILE$/, "")}(?:_FILE)?=(.*)$`, "m"), (_, before) =>
        value === undefined ? `#${name}=${before}` : `${name}=${value}`,
      ),
    example,
  );

/** nats.conf for clients at this address and port, with the certificate beside it. */
export function fillNatsConfig(example: string, {address, port}: {address: string; port: number}): string {
  const listening = replaceOnly(example, /^host: .*$/m, () => `host: ${address}`);
  const withPort = replaceOnly(listening, /^port: .*$/m, () => `port: ${port}`);
  return replaceOnly(withPort, /^# tls \{\n(?:# .*\n)+?# \}$/m, (block) => block.replaceAll(/^# /gm, ""));
}

/** Throws where the pattern, which has no flag g, does not match exactly once: the example has changed. */
function replaceOnly(text: string, pattern: RegExp, replacement: (match: string, group: string) => string): string {
  const found = [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))];
  if (found.length !== 1) throw new Error(`the example has ${found.length} instead of one: ${pattern}`);
  return text.replace(pattern, replacement);
}
