import {spawn} from "node:child_process";
import {createHash} from "node:crypto";
import {once} from "node:events";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import type {Credentials} from "../../src/gateway/access/credentials.js";
import {type Anvil, startAnvil} from "../../src/sandbox/chain/anvil.js";
import {temporaryFolder} from "../support/servers.js";
import {type Served, serve} from "./serve.js";

const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const credentials: Credentials = {
  tokens: [
    {sha256: sha256("operator"), caller: {as: "operator", operatorId: "op-1"}},
    {sha256: sha256("sidecar"), caller: {as: "sidecar", clusterId: "c1", shareIndex: 1}},
  ],
  jwtSecrets: [],
};

type Example = {value: object};
type Json = {example?: object; examples?: Record<string, Example>};
type Operation = {responses: Record<string, object>; requestBody?: {content: {"application/json": Json}}};
type Document = {paths: Record<string, Record<string, Operation>>};

/** The gateway's document, with examples that it serves in place of its own, and no statuses but those that it names. */
async function readDocument(url: string, served: Served): Promise<Document> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  for (const [path, bodies] of Object.entries(served)) {
    const json = document.paths[path]?.["post"]?.requestBody?.content["application/json"];
    if (!json) throw new Error(`${path} takes no JSON`);
    delete json.example;
    json.examples = Object.fromEntries(bodies.map((value, position) => [`served${position}`, {value}]));
  }
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path)))
    delete operation.responses["default"];
  return document;
}

/** Its exit status: 0 where it found nothing. It prints what it did. */
async function schemathesis(url: string, served: Served, token: string | undefined): Promise<number> {
  // Its own files go with the folder.
  const cwd = await temporaryFolder();
  const env = {...process.env, SERVED: join(cwd, "served.json"), SCHEMATHESIS_HOOKS: join(import.meta.dirname, "hooks.py")};
  await writeFile(env.SERVED, JSON.stringify(served));
  await writeFile(join(cwd, "openapi.json"), JSON.stringify(await readDocument(url, served)));
  const config = join(import.meta.dirname, "schemathesis.toml");
  const header = token === undefined ? [] : ["--header", `Authorization: Bearer ${token}`];
  const args = ["--config-file", config, "run", "openapi.json", "--url", url, "--checks", "all", ...header];
  const child = spawn(process.env["SCHEMATHESIS"] ?? "schemathesis", args, {cwd, env, stdio: "inherit"});
  const [status] = (await once(child, "exit")) as [number];
  return status;
}

/** Which routes answered something as asked; none where too many wrong tokens came from here. */
async function readServed(url: string, token = "operator"): Promise<string[]> {
  const headers = {authorization: `Bearer ${token}`};
  const metrics = await (await fetch(`${url}/metrics`, {headers})).text();
  const answered = metrics.matchAll(/^dvt_gateway_request_seconds_count\{method="(\w+)",route="(\S+)",status="200"\}/gm);
  return [...answered].map(([, method, route]) => `${method} ${route}`).sort();
}

let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil({chainId: networks.hoodi.chainId});
});
afterAll(() => anvil.stop());

const open = ["GET /healthz", "GET /info", "GET /openapi.json", "GET /readyz"];
const read = ["GET /exits", "GET /validators", "GET /metrics"];
const ofOperators = ["POST /consolidate", "POST /fund", "POST /register", "POST /validators", "POST /withdraw"];
const ofSidecars = ["POST /exit-signature", "POST /signatures"];

it.each([
  {
    id: "where none asks for tokens",
    asksForTokens: false,
    token: undefined,
    served: [...open, ...read, ...ofOperators, ...ofSidecars],
  },
  {id: "with an operator's token", asksForTokens: true, token: "operator", served: [...open, ...read, ...ofOperators]},
  {id: "with a sidecar's token", asksForTokens: true, token: "sidecar", served: [...open, ...read, ...ofSidecars]},
  {id: "without the token that is asked for", asksForTokens: true, token: undefined, served: []},
])("does what its OpenAPI document says, $id", async ({asksForTokens, token, served}) => {
  const {url, bodies} = await serve(anvil, asksForTokens ? credentials : undefined);
  expect(await schemathesis(url, bodies, token)).toBe(0);
  expect(await readServed(url, token)).toEqual(served.toSorted());
});
