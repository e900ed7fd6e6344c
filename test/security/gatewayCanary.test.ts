import {createHash, createHmac, randomBytes} from "node:crypto";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {demoVault} from "../../src/sandbox/makeCluster.js";
import {canary as inUrl, startBeaconServer} from "../support/beaconServer.js";
import {type Canary, findCanaries} from "../support/canaries.js";
import {keyOf} from "../support/examples/deposits.js";
import {managerEnv, seedsOf, startGatewayProcess} from "../support/gatewayProcess.js";
import {openNode} from "../support/httpSidecar.js";
import {looksPrivate, recordPresences} from "../support/recordPresences.js";
import {temporaryFolder} from "../support/servers.js";
import {createSystem} from "../support/system.js";
import {post, send} from "../support/testGateway.js";
import {untilMessages} from "../support/until.js";

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function aJwt(secret: Uint8Array): string {
  const signed = `${encode({alg: "HS256", typ: "JWT"})}.${encode({iat: Math.floor(Date.now() / 1000)})}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const aSecret = (): string => randomBytes(32).toString("hex");
const textOf = (id: string, text: string): Canary => ({id, bytes: Buffer.from(text)});

it("has no token, key, password or share in what it prints, answers or says on the bus, whatever is asked", async () => {
  const system = await createSystem({validators: 2});
  const presences = recordPresences(system.bus);
  await system.relayer();
  const validators = [keyOf("a validator")];
  const beacon = await startBeaconServer(networks.hoodi, {validators, pending: []});
  const [sidecarToken, operatorToken, wrongToken] = [aSecret(), aSecret(), aSecret()];
  const [jwtSecret, managerKey, password] = [aSecret(), aSecret(), aSecret()];
  const tokens = join(await temporaryFolder(), "tokens.json");
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  await writeFile(
    tokens,
    JSON.stringify([
      {sha256: sha256(sidecarToken), cluster_id: "c1", share_index: 1},
      {sha256: sha256(operatorToken), operator_id: "op-1"},
    ]),
  );
  const gateway = await startGatewayProcess(system, {
    GATEWAY_SEEDS_DIR: await seedsOf(system, "operator-op-1", "sidecar-c1-1"),
    GATEWAY_TOKENS_FILE: tokens,
    RELAYER_JWT_SECRET: jwtSecret,
    NEXT_VALIDATOR_INDEX: "",
    CONSENSUS_ENDPOINT: beacon.url,
    LOG_LEVEL: "trace",
    ...(await managerEnv(managerKey, password)),
  });
  const {url} = gateway;
  const jwt = aJwt(fromHex(`0x${jwtSecret}`));
  const asked = untilMessages(system.bus, "dvt.v2.exit_requests.>", 2);
  await post(`${url}/validators`, {public_keys: system.publicKeys}, `Bearer ${jwt}`);
  await asked;

  const node = await openNode(system, 0);
  const [publicKey = "", other = ""] = system.publicKeys;
  const sign = (key: string, validatorIndex: number) => node.sign({network: networks.hoodi, publicKey: key, validatorIndex});
  const [good, wrong] = [await sign(publicKey, 1), await sign(other, 5)];
  const basic = `Basic ${Buffer.from(`1:${sidecarToken}`).toString("base64")}`;
  const shares = [
    {public_key: publicKey, exit_signature: toHex(good)},
    {public_key: other, exit_signature: toHex(wrong)},
  ];
  beacon.setHead({validators: [...validators, publicKey], pending: [], withdrawals: {[publicKey]: demoVault}});
  const answers = [
    await post(`${url}/exit-signature`, {share_index: 1, shares}, basic),
    await post(`${url}/exit-signature`, {share_index: 2, shares}, basic),
    await post(`${url}/exit-signature`, {share_index: 1, shares, [toHex(good)]: {}, unfit: toHex(good)}, basic),
    await post(`${url}/exit-signature`, `{"share_index": 1, "shares": "${toHex(good)}`, basic),
    await post(`${url}/signatures`, {share_index: 1, shares: toHex(good)}, basic),
    await post(`${url}/exit-signature`, {share_index: 1, shares}, `Bearer ${wrongToken}`),
    await post(`${url}/withdraw`, {vault: demoVault, public_keys: [publicKey], amounts: [5]}, `Bearer ${operatorToken}`),
    await send(`${url}/exits?token=${wrongToken}`, {authorization: `Bearer ${jwt}`}),
    await send(`${url}/${wrongToken}/%ZZ`, {authorization: basic}),
    await send(`${url}/metrics`, {authorization: `Bearer ${operatorToken}`}),
  ];
  expect(answers.map(({status}) => status)).toEqual([422, 403, 422, 400, 400, 401, 200, 401, 400, 200]);
  beacon.answerWith(() => ({status: 500, body: "in trouble"}));
  expect((await post(`${url}/validators`, {public_keys: system.publicKeys}, `Bearer ${operatorToken}`)).status).toBe(503);
  gateway.process.kill("SIGTERM");
  await gateway.ended;

  const secrets: Canary[] = [
    {id: "a share that is good", bytes: good},
    {id: "a share that is not", bytes: wrong},
    textOf("a sidecar's token", sidecarToken),
    textOf("an operator's token", operatorToken),
    textOf("a token of nobody", wrongToken),
    textOf("a JWT", jwt),
    {id: "the JWT secret", bytes: fromHex(`0x${jwtSecret}`)},
    {id: "the validators manager's key", bytes: fromHex(`0x${managerKey}`)},
    textOf("its password", password),
  ];
  const said = [
    ...presences,
    {id: "the log", content: Buffer.from(gateway.output())},
    ...answers.map(({reason, headers, body}, position) => ({
      id: `answer ${position + 1}`,
      content: Buffer.from(JSON.stringify([reason, [...headers], body])),
    })),
  ];
  expect(gateway.output()).toContain("signed as the vault's validators manager");
  expect([...new Set(presences.map(({id}) => id))].sort()).toEqual(["operator-op-1", "relayer", "sidecar-c1-1"]);
  expect(presences.filter(looksPrivate)).toEqual([]);
  expect(findCanaries(secrets, said)).toEqual([]);
  expect(gateway.output()).not.toContain(inUrl);
});
