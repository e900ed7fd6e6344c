// Makes the MongoDB users of relayer, aggregator and gateway, with just their rights, or brings those that are there up to date.
// docker/compose.yaml has it run when the database is made. By hand, as an administrator of the server, who is asked for the password:
//
//   RELAYER_URL_FILE=/etc/dvt/relayer/mongodb.url AGGREGATOR_URL_FILE=/etc/dvt/aggregator/mongodb.url \
//     GATEWAY_URL_FILE=/etc/dvt/gateway/mongodb.url mongosh --file docker/mongo/users.js "mongodb://admin@127.0.0.1/admin"
//
// Each file holds what that role is given as MONGODB_URL, with the user and the password that are to be made:
//   mongodb://relayer:<password>@127.0.0.1:27017/dvt
// A role whose file is not named gets no user. Where ADMIN_PASSWORD_FILE names a file with the password of the user root, nobody is asked.
const {readFileSync} = require("node:fs");

const rights = {
  relayer: {
    requests: ["createIndex", "find", "insert", "update"],
    exits: ["find"],
    deposits: ["find"],
    holders: ["find", "insert", "update"],
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
    reservations: ["find", "insert", "update"],
  },
};

// biome-ignore lint/style/noProcessEnv: mongosh has no other way to be told where it is
const passwordFile = process.env.ADMIN_PASSWORD_FILE;
if (passwordFile) db.getSiblingDB("admin").auth("root", readFileSync(passwordFile, "utf8").trim());

// Not the driver's own reading: what is wrong is to be said without the password.
const parts = /^mongodb(?:\+srv)?:\/\/([^:@/]+):([^:@/]+)@[^@/]+\/([^/?]+)(?:\?.*)?$/;

for (const [role, collections] of Object.entries(rights)) {
  const variable = `${role.toUpperCase()}_URL_FILE`;
  // biome-ignore lint/style/noProcessEnv: mongosh has no other way to say where they are
  const file = process.env[variable];
  if (!file) {
    print(`${role}: no user, because ${variable} is not set`);
    continue;
  }
  const found = parts.exec(readFileSync(file, "utf8").trim());
  if (!found) throw new Error(`${file} holds no mongodb://USER:PASSWORD@HOST/DATABASE`);
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
