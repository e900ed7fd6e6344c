import {runInNewContext} from "node:vm";
import {describe, expect, it} from "vitest";
import {storeRights} from "../../../src/store/rights.js";
import {useFolder} from "../../support/files.js";
import {readText} from "./document.js";

const folder = useFolder();
const script = readText("docker/mongo/users.js");
type Made = {db: string; command: string; argument: unknown};

/** What the script does on a server that has these roles and users already. */
function run(env: Record<string, string>, known: readonly string[] = []): {made: Made[]; printed: string[]} {
  const made: Made[] = [];
  const printed: string[] = [];
  const databaseOf = (db: string) => {
    const record =
      (command: string) =>
      (...args: unknown[]) =>
        void made.push({db, command, argument: args.length === 1 ? args[0] : args});
    const find = (name: string) => (known.includes(name) ? {} : null);
    return {
      getRole: find,
      getUser: find,
      getSiblingDB: databaseOf,
      auth: record("auth"),
      createRole: record("createRole"),
      updateRole: record("updateRole"),
      createUser: record("createUser"),
      updateUser: record("updateUser"),
    };
  };
  const require = (name: string) => process.getBuiltinModule(name as "node:fs");
  runInNewContext(script, {db: databaseOf("admin"), require, process: {env}, print: (line: string) => printed.push(line)});
  return {made: JSON.parse(JSON.stringify(made)), printed};
}

const urlOf = (role: string): string => `mongodb://${role}:hunter2%2F@db1:27017,db2/exits?replicaSet=rs0\n`;
const files = (): Record<string, string> =>
  Object.fromEntries(
    Object.keys(storeRights).map((role) => [`${role.toUpperCase()}_URL_FILE`, folder.write(`${role}.url`, urlOf(role))]),
  );

describe("docker/mongo/users.js", () => {
  it("gives each role's user what storeRights says, and nothing else", () => {
    const db = "exits";
    const expected = Object.entries(storeRights).flatMap(([role, collections]) => {
      const privileges = Object.entries(collections).map(([collection, actions]) => ({resource: {db, collection}, actions}));
      const name = `dvt-${role}`;
      return [
        {db, command: "createRole", argument: {role: name, privileges, roles: []}},
        {db, command: "createUser", argument: {user: role, pwd: "hunter2/", roles: [{role: name, db}]}},
      ];
    });
    expect(run(files()).made).toEqual(expected);
  });

  it("logs in as the administrator whose password's file is named", () => {
    const {made} = run({ADMIN_PASSWORD_FILE: folder.write("root.password", "hunter2\n")});
    expect(made).toEqual([{db: "admin", command: "auth", argument: ["root", "hunter2"]}]);
  });

  it("brings roles and users up to date that are there", () => {
    const {made} = run(files(), ["dvt-relayer", "relayer", "dvt-aggregator", "aggregator", "dvt-gateway", "gateway"]);
    expect(new Set(made.map(({command}) => command))).toEqual(new Set(["updateRole", "updateUser"]));
  });

  it("makes no user of a role whose file is not named", () => {
    const {RELAYER_URL_FILE = ""} = files();
    expect(run({RELAYER_URL_FILE}).made).toHaveLength(2);
  });

  it.each(["mongodb://127.0.0.1:27017/dvt", "mongodb://relayer:hunter2@127.0.0.1", "hunter2"])(
    "refuses a URL that names no user and database (%s), and does not quote it",
    (url) => {
      const RELAYER_URL_FILE = folder.write("relayer.url", url);
      const said = (): unknown => run({RELAYER_URL_FILE});
      expect(said).toThrow(RELAYER_URL_FILE);
      expect(said).not.toThrow("hunter2");
    },
  );
});

it("lets only one role write each collection", () => {
  const writers = Object.entries(storeRights).flatMap(([role, collections]) =>
    Object.entries(collections).flatMap(([collection, actions]) =>
      actions.some((action) => action !== "find") ? [`${collection} ${role}`] : [],
    ),
  );
  expect(writers.sort()).toEqual([
    "deposits aggregator",
    "exits aggregator",
    "holders relayer",
    "orders relayer",
    "requests relayer",
    "reservations gateway",
  ]);
});
