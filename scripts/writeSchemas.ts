// Writes schemas/json/<name>.schema.json for every message: npm run schemas.
import {mkdirSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {directMessages, messages as storedMessages} from "../schemas/messages.js";
import {toJsonSchema} from "../schemas/toJsonSchema.js";
import {projectRoot} from "../src/runtime/projectRoot.js";

const messages = [...storedMessages, ...directMessages];
const folder = join(projectRoot, "schemas", "json");
mkdirSync(folder, {recursive: true});
const names = messages.map(({name}) => `${name}.schema.json`);
for (const stale of readdirSync(folder).filter((file) => !names.includes(file))) rmSync(join(folder, stale));
for (const message of messages) writeFileSync(join(folder, `${message.name}.schema.json`), toJsonSchema(message));
console.log(`schemas/json: ${names.join(", ")}`);
