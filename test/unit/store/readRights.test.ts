import {describe, expect, it} from "vitest";
import {describeRights} from "../../../src/cli/doctor/store.js";
import {readRights} from "../../../src/store/readRights.js";
import {storeRights} from "../../../src/store/rights.js";

type Privilege = {resource: object; actions: readonly string[]};

/** A database that answers as MongoDB documents connectionStatus. */
const answering = (authInfo: object, databaseName = "dvt") => ({databaseName, command: async () => ({authInfo, ok: 1})});
const loggedIn = (authenticatedUserPrivileges: readonly Privilege[]) =>
  answering({authenticatedUsers: [{user: "relayer", db: "dvt"}], authenticatedUserRoles: [], authenticatedUserPrivileges});
const granted = (without?: string): Privilege[] =>
  Object.entries(storeRights.relayer).map(([collection, actions]) => ({
    resource: {db: "dvt", collection},
    actions: actions.filter((action) => `${action} on ${collection}` !== without),
  }));

describe("the rights of a login", () => {
  it.each([
    {id: "those of docker/mongo/users.js", privileges: granted(), missing: [], excess: []},
    {id: "one missing", privileges: granted("insert on requests"), missing: ["insert on requests"], excess: []},
    {
      id: "one too many, of its own database",
      privileges: [...granted(), {resource: {db: "dvt", collection: "exits"}, actions: ["remove"]}],
      missing: [],
      excess: ["remove on exits"],
    },
    {
      id: "a whole database",
      privileges: [
        {resource: {db: "dvt", collection: ""}, actions: ["find", "insert", "update", "remove", "createIndex"]},
        {resource: {db: "other", collection: "x"}, actions: ["find"]},
      ],
      missing: [],
      excess: [
        ...["find", "insert", "update", "remove", "createIndex"].map((action) => `${action} on all of this database`),
        "find on x of the database other",
      ],
    },
    {
      id: "those of another database",
      privileges: granted().map((it) => ({...it, resource: {...it.resource, db: "other"}})),
      missing: Object.entries(storeRights.relayer).flatMap(([collection, actions]) =>
        actions.map((action) => `${action} on ${collection}`),
      ),
      excess: Object.entries(storeRights.relayer).flatMap(([collection, actions]) =>
        actions.map((action) => `${action} on ${collection} of the database other`),
      ),
    },
  ])("are compared with those that the role needs: $id", async ({privileges, missing, excess}) => {
    expect(await readRights(loggedIn(privileges), "relayer")).toEqual({user: "relayer", missing, excess});
  });

  it("are not known of a server that does not say", async () => {
    expect(await readRights({databaseName: "dvt", command: async () => ({ok: 1})}, "relayer")).toBeUndefined();
  });

  it("are everybody's without logins, which is fine on one machine only", async () => {
    const found = await readRights(answering({authenticatedUsers: [], authenticatedUserPrivileges: []}), "relayer");
    expect(found).toEqual({user: undefined, missing: [], excess: []});
    expect(describeRights("relayer", found, ["127.0.0.1", "localhost"])).toContain("nobody has to log in");
    expect(() => describeRights("relayer", found, ["127.0.0.1", "db.example.org"])).toThrow(/whoever reaches MongoDB/);
  });

  it.each([
    {
      id: "missing",
      missing: ["insert on requests"],
      excess: [],
      says: "relayer may not do what the relayer does: insert on requests",
    },
    {
      id: "too many",
      missing: [],
      excess: ["a", "b", "c", "d", "e", "f", "g", "h"],
      says: "relayer may do more than the relayer needs: a, b, c, d, e, f and 2 more",
    },
  ])("are not ok if some are $id", ({missing, excess, says}) => {
    expect(() => describeRights("relayer", {user: "relayer", missing, excess}, ["db"])).toThrow(says);
  });
});
