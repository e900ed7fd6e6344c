// Writes schemas/json/<name>.schema.json for every message, from the build: npm run schemas.
import {mkdirSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {directMessages, messages as storedMessages} from "../dist/schemas/messages.js";
import {toJsonSchema} from "../dist/schemas/toJsonSchema.js";

const messages = [...storedMessages, ...directMessages];
const folder = fileURLToPath(new URL("../schemas/json", import.meta.url));
mkdirSync(folder, {recursive: true});
const names = messages.map(({name}) => `${name}.schema.json`);
for (const stale of readdirSync(folder).filter((file) => !names.includes(file))) rmSync(join(folder, stale));
for (const message of messages) writeFileSync(join(folder, `${message.name}.schema.json`), toJsonSchema(message));
console.log(`schemas/json: ${names.join(", ")}`);
