type Unit = {
  readonly command: readonly string[];
  readonly environmentFile: string | undefined;
  /** The files that systemd hands over, by name. */
  readonly credentials: ReadonlyMap<string, string>;
};

/** What of a unit is needed to run it without systemd. */
export function parseUnit(text: string): Unit {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const valuesOf = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  const credentials = valuesOf("LoadCredential").map((it): [string, string] => {
    const [, id = "", path = ""] = /^([^:]+):(.*)$/.exec(it) ?? [];
    return [id, path];
  });
  return {
    command: (valuesOf("ExecStart")[0] ?? "").split(/ +/),
    environmentFile: valuesOf("EnvironmentFile")[0],
    credentials: new Map(credentials),
  };
}

/** The variables of an environment file, as systemd reads plain ones. */
export const parseEnvFile = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
