// Makes the MongoDB users of relayer, aggregator and gateway with only the rights that they need, or updates them.
// docker/compose.yaml runs it when the database is made. To run it by hand, as an administrator, who is asked for the password:
//
//   RELAYER_URL_FILE=/etc/dvt/relayer/mongodb.url AGGREGATOR_URL_FILE=/etc/dvt/aggregator/mongodb.url \
//     GATEWAY_URL_FILE=/etc/dvt/gateway/mongodb.url mongosh --file docker/mongo/users.js "mongodb://admin@127.0.0.1/admin"
//
// Each file holds the MONGODB_URL of that role, with the user and the password to make:
//   mongodb://relayer:<password>@127.0.0.1:27017/dvt
// A role without a file gets no user. If ADMIN_PASSWORD_FILE names a file with the password of the user root, nobody is asked.
const {readFileSync} = require("node:fs");

const rights = {
  relayer: {
    requests: ["createIndex", "find", "insert", "update"],
    exits: ["find"],
    deposits: ["find"],
    holders: ["find", "insert", "update"],
    orders: ["createIndex", "find", "insert", "remove"],
  },
  aggregator: {
    requests: ["find"],
    exits: ["createIndex", "find", "insert", "update"],
    deposits: ["createIndex", "find", "insert", "remove", "update"],
    holders: ["find"],
  },
  gateway: {
    requests: ["find"],
    exits: ["find"],
    deposits: ["find"],
    holders: ["find"],
    orders: ["find"],
    reservations: ["find", "insert", "update"],
  },
};

// biome-ignore lint/style/noProcessEnv: mongosh offers no other way to pass its path
const passwordFile = process.env.ADMIN_PASSWORD_FILE;
if (passwordFile) db.getSiblingDB("admin").auth("root", readFileSync(passwordFile, "utf8").trim());

// The driver's own parser would show the password in its errors.
const parts = /^mongodb(?:\+srv)?:\/\/([^:@/]+):([^:@/]+)@[^@/]+\/([^/?]+)(?:\?.*)?$/;

for (const [role, collections] of Object.entries(rights)) {
  const variable = `${role.toUpperCase()}_URL_FILE`;
  // biome-ignore lint/style/noProcessEnv: mongosh offers no other way to pass their paths
  const file = process.env[variable];
  if (!file) {
    print(`${role}: no user, because ${variable} is not set`);
    continue;
  }
  const found = parts.exec(readFileSync(file, "utf8").trim());
  if (!found) throw new Error(`${file}: expected mongodb://USER:PASSWORD@HOST/DATABASE`);
  const [user, pwd, name] = found.slice(1).map(decodeURIComponent);
  const database = db.getSiblingDB(name);
  const privileges = Object.entries(collections).map(([collection, actions]) => ({
    resource: {db: name, collection},
    actions,
  }));
  const roleName = `dvt-${role}`;
  if (database.getRole(roleName)) database.updateRole(roleName, {privileges, roles: []});
  else database.createRole({role: roleName, privileges, roles: []});
  const roles = [{role: roleName, db: name}];
  if (database.getUser(user)) database.updateUser(user, {pwd, roles});
  else database.createUser({user, pwd, roles});
  print(`${role}: ${user} may use ${name} as ${roleName}`);
}
