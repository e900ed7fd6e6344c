import {Type} from "typebox";
import {describe, expect, it} from "vitest";
import {
  envAddress,
  envAddresses,
  envChoice,
  envDuration,
  envId,
  envInteger,
  envPort,
  envString,
  parseEnv,
} from "../../../src/runtime/env.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const Env = Type.Object({
  NETWORK: envChoice(["mainnet", "hoodi"], {description: "the network"}),
  URL: envString({description: "a server", default: "nats://127.0.0.1:4222", secret: true}),
  PERIOD: envDuration({description: "a period", default: "10m"}),
  INDEX: envInteger({description: "an index"}),
  ID: Type.Optional(envId({description: "an id"})),
  PORT: Type.Optional(envPort({description: "a port"})),
});
const good = {NETWORK: "hoodi", INDEX: "0"};

/** The error, with everything in it that could be logged. */
const told = (env: Record<string, string>): string => {
  try {
    parseEnv(Env, env);
  } catch (error) {
    const {code, message, cause} = error as {code: string; message: string; cause?: unknown};
    expect(code).toBe("CONFIG_INVALID");
    return `${message} ${JSON.stringify(cause)}`;
  }
  throw new Error("it was read");
};

describe("parseEnv", () => {
  it("gives defaults to what is not set, and nothing to what need not be", () => {
    expect(parseEnv(Env, good)).toEqual({...good, URL: "nats://127.0.0.1:4222", PERIOD: "10m"});
  });

  it("reads what is set, and ignores other variables", () => {
    const env = {...good, URL: "nats://elsewhere", PERIOD: "5s", ID: "alpha"};
    expect(parseEnv(Env, {...env, PATH: "/bin", url: "x", PERIOD_FILE: "/nowhere"})).toEqual(env);
  });

  it.each(["0", "1", "9999", "59999", "65535"])("takes the port %s", (PORT) => {
    expect(parseEnv(Env, {...good, PORT})).toMatchObject({PORT});
  });

  it("takes empty for unset", () => {
    expect(parseEnv(Env, {...good, URL: "", URL_FILE: "", PERIOD: "", ID: ""})).toEqual(parseEnv(Env, good));
    expect(told({...good, NETWORK: ""})).toContain("NETWORK");
  });

  it("is frozen", () => {
    expect(Object.isFrozen(parseEnv(Env, good))).toBe(true);
  });

  it.each([
    {id: "an unknown network", env: {NETWORK: "holesky"}, names: "NETWORK"},
    {id: "a period without a unit", env: {PERIOD: "10"}, names: "PERIOD"},
    {id: "an index of 1.5", env: {INDEX: "1.5"}, names: "INDEX"},
    {id: "a negative index", env: {INDEX: "-1"}, names: "INDEX"},
    {id: "an index in hex", env: {INDEX: "0x1"}, names: "INDEX"},
    {id: "an index of 1e3", env: {INDEX: "1e3"}, names: "INDEX"},
    {id: "an index with a zero before it", env: {INDEX: "01"}, names: "INDEX"},
    {id: "an index of 2^53", env: {INDEX: "9007199254740992"}, names: "INDEX"},
    {id: "a port of 65536", env: {PORT: "65536"}, names: "PORT"},
    {id: "a port with a sign", env: {PORT: "+80"}, names: "PORT"},
    {id: "a port in words", env: {PORT: "http"}, names: "PORT"},
    {id: "an id with a dot", env: {ID: "al.pha"}, names: "ID"},
    {id: "an id in upper case", env: {ID: "Alpha"}, names: "ID"},
    {id: "a secret's file that is not there", env: {URL_FILE: "/nowhere/url"}, names: "URL_FILE"},
  ])("refuses $id by name", ({env, names}) => {
    expect(told({...good, ...env})).toContain(names);
  });

  it.each([
    {id: "in quotes", env: {NETWORK: '"hoodi"', URL: "'nats://a'", PERIOD: '"5s"'}},
    {id: "with blanks around it", env: {NETWORK: " hoodi ", URL: "nats://a\t", PERIOD: "5s  "}},
    {id: "with a carriage return", env: {NETWORK: "hoodi\r", URL: "nats://a\r", PERIOD: "5s\r"}},
    {id: "in other letters", env: {NETWORK: "Hoodi", URL: "nats://a", PERIOD: "5s"}},
    {id: "with a comment", env: {NETWORK: "hoodi # testnet", URL: '"nats://a" # ours', PERIOD: "5s\t# five"}},
    {id: "with all of it", env: {NETWORK: '"HOODI" # testnet\r', URL: ' "nats://a"\r', PERIOD: " '5s' #\r"}},
  ])("takes a value $id as it was meant", ({env}) => {
    expect(parseEnv(Env, {...good, ...env})).toMatchObject({NETWORK: "hoodi", URL: "nats://a", PERIOD: "5s"});
  });

  it("takes quotes with nothing in them for unset", () => {
    expect(parseEnv(Env, {...good, PERIOD: '""', URL: "''"})).toEqual(parseEnv(Env, good));
  });

  it.each([
    {id: "a quote that does not end", env: {NETWORK: '"hoodi'}, says: "NETWORK must be one of mainnet, hoodi; it has a quote"},
    {
      id: "a typographic quote",
      env: {NETWORK: "“hoodi”"},
      says: "NETWORK must be one of mainnet, hoodi; it has a typographic quote",
    },
    {id: "an invisible character", env: {NETWORK: "hoo\u200bdi"}, says: "it has an invisible character"},
    {id: "a blank in it", env: {PERIOD: "5 s"}, says: "it has a blank"},
    {id: "a line break in it", env: {ID: "al\npha"}, says: "it has a line break"},
    {id: "a URL with a quote at one end", env: {URL: 'nats://a"'}, says: "URL has a quote at one end only"},
    {id: "a URL that may have a comment", env: {URL: "nats://a # ours"}, says: "URL has a # behind a blank"},
    {id: "a file that may have a comment", env: {URL_FILE: "/nowhere/url # ours"}, says: "it has a # behind a blank"},
  ])("names the odd character of $id, and quotes nothing", ({env, says}) => {
    const message = told({...good, ...env});
    expect(message).toContain(says);
    for (const value of Object.values(env)) expect(message).not.toContain(value);
  });

  it("blames no character where the value is wrong without it too", () => {
    expect(told({...good, PERIOD: "5 soon"})).not.toContain("it has");
  });

  it("reports every problem together", () => {
    const message = told({
      NETWORK: "holesky",
      PERIOD: "soon",
      ID: "A",
      URL: "nats://a",
      URL_FILE: folder.write("url", "nats://b"),
    });
    for (const name of ["NETWORK", "PERIOD", "ID", "URL", "INDEX is not set"]) expect(message).toContain(name);
  });

  it("does not quote the path of a secret's file, which may be the secret itself", () => {
    const message = told({...good, URL_FILE: "nats://user:hunter2@server"});
    expect(message).toContain("URL_FILE");
    expect(message).not.toContain("hunter2");
    expect(message.match(/URL/g)).toHaveLength(1);
  });

  it("reports a problem once", () => {
    const lines = told({}).split("\n");
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toHaveLength(3);
  });
});

describe("a secret", () => {
  it.each([
    {id: "as it is", text: "nats://user:hunter2@server"},
    {id: "with the newline at its end", text: "nats://user:hunter2@server\n"},
    {id: "with what Windows adds", text: "\ufeffnats://user:hunter2@server\r\n"},
    {id: "in quotes", text: '"nats://user:hunter2@server"\n'},
  ])("is read from NAME_FILE $id", ({text}) => {
    expect(parseEnv(Env, {...good, URL_FILE: folder.write("secret", text)})["URL"]).toBe("nats://user:hunter2@server");
  });

  it("is not read from a file where the schema names no secret", () => {
    expect(told({INDEX: "0", NETWORK_FILE: folder.write("network", "hoodi")})).toContain("NETWORK is not set");
  });

  it.each([
    {id: "both are set", env: () => ({URL: "nats://hunter2", URL_FILE: folder.write("secret", "nats://hunter2")})},
    {id: "a comment may be behind it", env: () => ({URL: "nats://hunter2 # hunter2"})},
    {id: "the file is empty", env: () => ({URL_FILE: folder.write("empty", "\n")})},
    {id: "the file is a folder", env: () => ({URL_FILE: folder.path()})},
    {id: "something else is wrong", env: () => ({URL: "nats://hunter2", INDEX: "hunter2", ID: "Hunter2.hunter2"})},
    {
      id: "the file is fine, but something else is wrong",
      env: () => ({URL_FILE: folder.write("secret", "hunter2"), PERIOD: "hunter2"}),
    },
  ])("appears in no error, when $id", ({env}) => {
    expect(told({...good, ...env()})).not.toContain("hunter2");
  });

  it("does not fall back to the default when its file cannot be read", () => {
    expect(told({...good, URL_FILE: folder.fresh()})).toContain("URL_FILE");
  });
});

describe("addresses", () => {
  const right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
  const wrong = right.replace("0x5", "0x6");
  const read = (KEEPER: string, VAULTS: string) =>
    parseEnv(Type.Object({KEEPER: envAddress({description: "one"}), VAULTS: envAddresses({description: "several"})}), {
      KEEPER,
      VAULTS,
    });

  it("are taken with their checksum, or without one", () => {
    const several = `${right.toLowerCase()}, ${right}`;
    expect(read(right, several)).toEqual({KEEPER: right, VAULTS: several});
  });

  it("are refused with a wrong checksum, which is named by its place", () => {
    const message = expect.stringMatching(/KEEPER is an address .*checksum.*\n.*VAULTS has an address, number 2, .*checksum/);
    expect(() => read(wrong, `${right},${wrong}`)).toThrow(expect.objectContaining({code: "CONFIG_INVALID", message}));
  });
});
