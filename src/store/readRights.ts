import type {Db} from "mongodb";
import {Type} from "typebox";
import {Check} from "typebox/schema";
import {askServer} from "./askServer.js";
import {type StoreRole, storeRights} from "./rights.js";

/** The rights of a login, compared with those that its role needs: "insert on exits". */
export type RightsFound = {
  /** Undefined if the server lets everybody do everything. */
  readonly user: string | undefined;
  readonly missing: readonly string[];
  readonly excess: readonly string[];
};

// https://www.mongodb.com/docs/manual/reference/command/connectionStatus/
const Answer = Type.Object({
  authInfo: Type.Object({
    authenticatedUsers: Type.Array(Type.Object({user: Type.String()})),
    authenticatedUserPrivileges: Type.Array(
      Type.Object({
        resource: Type.Object({
          db: Type.Optional(Type.String()),
          collection: Type.Optional(Type.String()),
          cluster: Type.Optional(Type.Boolean()),
          anyResource: Type.Optional(Type.Boolean()),
        }),
        actions: Type.Array(Type.String()),
      }),
    ),
  }),
});

type Resource = {db?: string; collection?: string; cluster?: boolean; anyResource?: boolean};

/** Asks MongoDB what this login may do. STORE_UNAVAILABLE; undefined if the server does not say, as one that only resembles MongoDB. */
export async function readRights(db: Pick<Db, "command" | "databaseName">, role: StoreRole): Promise<RightsFound | undefined> {
  const answer: unknown = await askServer(db, {connectionStatus: 1, showPrivileges: true});
  if (!Check(Answer, answer)) return undefined;
  const {authenticatedUsers, authenticatedUserPrivileges: privileges} = answer.authInfo;
  const [login] = authenticatedUsers;
  if (login === undefined) return {user: undefined, missing: [], excess: []};
  const wanted = Object.entries(storeRights[role]).flatMap(([collection, actions]) =>
    actions.map((action) => ({collection, action})),
  );
  const covers = ({db: name, collection: of, anyResource}: Resource, collection: string): boolean =>
    anyResource === true || ((name === db.databaseName || name === "") && (of === collection || of === ""));
  const isGranted = ({collection, action}: (typeof wanted)[number]): boolean =>
    privileges.some(({resource, actions}) => actions.includes(action) && covers(resource, collection));
  const isWanted = ({db: name, collection}: Resource, action: string): boolean =>
    name === db.databaseName && wanted.some((it) => it.collection === collection && it.action === action);
  return {
    user: login.user,
    missing: wanted.filter((it) => !isGranted(it)).map(({collection, action}) => `${action} on ${collection}`),
    excess: privileges.flatMap(({resource, actions}) =>
      actions
        .filter((action) => !isWanted(resource, action))
        .map((action) => `${action} on ${nameOf(resource, db.databaseName)}`),
    ),
  };
}

function nameOf({db, collection, cluster, anyResource}: Resource, own: string): string {
  if (anyResource) return "everything";
  if (cluster) return "the server";
  const where = db === own ? "this database" : db === "" ? "every database" : `the database ${db}`;
  if (!collection) return `all of ${where}`;
  return db === own ? collection : `${collection} of ${where}`;
}
