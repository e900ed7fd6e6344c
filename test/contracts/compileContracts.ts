// Writes src/sandbox/contracts/artifacts.json, which demo and tests deploy: npm run contracts. It gets the compiler from the npm registry.
import {execFileSync} from "node:child_process";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {artifactsFile, compiler, hashOfSources, readSources} from "./sources.js";

type Compiled = {readonly abi: unknown[]; readonly evm: {readonly bytecode: {readonly object: string}}};
type Output = {
  readonly errors?: readonly {readonly severity: string; readonly formattedMessage: string}[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, Compiled>>>>;
};

const outputSelection = {"*": {"*": ["abi", "evm.bytecode.object"]}};
const input = {language: "Solidity", sources: readSources(), settings: {...compiler.settings, outputSelection}};
const answer = execFileSync("npx", ["--yes", `solc@${compiler.version}`, "--standard-json"], {
  input: JSON.stringify(input),
  maxBuffer: 64 * 1024 * 1024,
  stdio: ["pipe", "pipe", "inherit"],
}).toString();
const {errors = [], contracts = {}} = JSON.parse(answer.slice(answer.indexOf("{"))) as Output;
for (const {formattedMessage} of errors) console.error(formattedMessage);
if (errors.some(({severity}) => severity === "error")) process.exit(1);

const deployable = Object.values(contracts)
  .flatMap((ofFile) => Object.entries(ofFile))
  .filter(([, {abi, evm}]) => abi.length > 0 && evm.bytecode.object.length > 0)
  .sort(([left], [right]) => (left < right ? -1 : 1))
  .map(([name, {abi, evm}]) => [name, {abi, bytecode: `0x${evm.bytecode.object}`}] as const);
// A line for each contract, so that a change of one is a change of one line.
const lines = deployable.map(([name, artifact]) => `${JSON.stringify(name)}:${JSON.stringify(artifact)}`);
const text = `{"solc":"${compiler.version}","sources":"${hashOfSources()}","contracts":{\n${lines.join(",\n")}\n}}\n`;
writeFileSync(join(projectRoot, artifactsFile), text);
console.log(deployable.map(([name, {bytecode}]) => `${name}: ${(bytecode.length - 2) / 2} bytes`).join("\n"));
