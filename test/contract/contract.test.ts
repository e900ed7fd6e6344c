import {spawn} from "node:child_process";
import {createHash} from "node:crypto";
import {once} from "node:events";
import {writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {expect, it} from "vitest";
import type {Credentials} from "../../src/gateway/credentials.js";
import {signatureOf, startCentre, startTestGateway} from "../support/gateway.js";
import {temporaryFolder} from "../support/servers.js";
import {ask, createStage, type Stage} from "../support/stage.js";

const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const credentials: Credentials = {
  tokens: [
    {sha256: sha256("operator"), caller: {as: "operator", operatorId: "op-1"}},
    {sha256: sha256("sidecar"), caller: {as: "sidecar", clusterId: "c1", shareIndex: 1}},
  ],
  jwtSecrets: [],
};

type Example = {value: object};
type Document = {
  paths: Record<string, {post?: {requestBody: {content: {"application/json": {examples?: Record<string, Example>}}}}}>;
};

/** The gateway's document, with examples that it serves: what is made up is of nobody's validator. */
async function writeDocument(url: string, stage: Stage, file: string): Promise<void> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const public_keys = stage.dealt.map(({publicKeyHex}) => publicKeyHex);
  const shares = stage.dealt.map((it, i) => ({public_key: it.publicKeyHex, exit_signature: signatureOf(it, 1, 1000 + i)}));
  const examples: Record<string, object> = {
    "/validators": {public_keys},
    "/exit-signature": {share_index: 1, shares},
  };
  for (const [path, value] of Object.entries(examples)) {
    const json = document.paths[path]?.post?.requestBody.content["application/json"];
    if (json) json.examples = {served: {value}};
  }
  await writeFile(file, JSON.stringify(document));
}

/** Its exit status: 0 where it found nothing. It prints what it did. */
async function schemathesis(url: string, file: string, token: string | undefined): Promise<number> {
  const config = join(import.meta.dirname, "schemathesis.toml");
  const header = token === undefined ? [] : ["--header", `Authorization: Bearer ${token}`];
  const args = ["--config-file", config, "run", file, "--url", url, "--checks", "all", "--max-examples", "100", ...header];
  // Its own files go with the folder.
  const child = spawn(process.env["SCHEMATHESIS"] ?? "schemathesis", args, {cwd: dirname(file), stdio: "inherit"});
  const [status] = (await once(child, "exit")) as [number];
  return status;
}

it.each([
  {id: "without tokens", token: undefined},
  {id: "with an operator's token", token: "operator"},
  {id: "with a sidecar's token", token: "sidecar"},
])("does what its OpenAPI document says, $id", async ({token}) => {
  const stage = await createStage();
  await startCentre(stage);
  await ask(stage, {count: 2});
  const settings = {requestsPerMinute: 1_000_000, ...(token !== undefined && {credentials})};
  const {url} = await startTestGateway(stage, settings);
  const file = join(await temporaryFolder(), "openapi.json");
  await writeDocument(url, stage, file);
  expect(await schemathesis(url, file, token)).toBe(0);
});
