import {expect, it} from "vitest";
import {exitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {publish} from "../../../src/messaging/publish.js";
import {hearReceipts} from "../../support/hearReceipts.js";
import {aLogger} from "../../support/logger.js";
import {aShare, aVault, createStage} from "../../support/stage.js";
import {send, startCentre, startTestGateway} from "../../support/testGateway.js";
import {
  createChain,
  ether,
  expectSigned,
  keysOf,
  otherVault,
  register,
  registerUntil,
  rootOf,
  startSidecars,
  toPart,
} from "../../support/testVault.js";
import {untilMessages} from "../../support/until.js";

it("gets a vault its validators, whatever its assets, the gateway and the chain do in the meantime", async () => {
  const stage = await createStage({validators: 4});
  await startCentre(stage);
  const keys = stage.dealt.map(({publicKeyHex}) => publicKeyHex);
  const onChain = createChain();
  const {chain} = onChain;
  const first = await startTestGateway(stage, onChain);
  const issued = untilMessages(stage.bus, "dvt.v2.exit_requests.>", 1);
  const held = register(first.url, {amounts: [ether(40), ether(33)]});
  await issued;
  await first.stop();
  expect((await held).body).toEqual({
    validators: [toPart(keys[0], ether(40)), toPart(keys[1], ether(33))],
    validators_manager_signature: null,
  });

  await startSidecars(stage, [1, 2, 4]);
  const {logger, logged} = aLogger();
  const {url} = await startTestGateway(stage, {...onChain, logger});
  const answer = await register(url, {amounts: [ether(41), ether(32.5)]});
  const [zeroth, one] = [
    {of: 0, amount: ether(40), index: 1000},
    {of: 1, amount: ether(32.5), index: 1001},
  ];
  await expectSigned(stage, onChain, answer, [zeroth, one]);

  chain.root = rootOf("c2");
  const again = await register(url, {amounts: [ether(42), ether(42)]});
  expect(again.body["validators"]).toEqual(answer.body["validators"]);
  await expectSigned(stage, onChain, again, [zeroth, one]);

  // The first of them is staked on while the signature is made: whoever had it could do so again.
  chain.onRoot = () => {
    chain.registered.add(keys[0] as string);
    chain.nextIndex = 1001;
    chain.onRoot = () => {};
  };
  expect((await register(url, {amounts: [ether(42), ether(42)]})).body).toEqual({
    validators: answer.body["validators"],
    validators_manager_signature: null,
  });
  const next = await register(url, {validators_start_index: 1001, amounts: [ether(42), ether(64)]});
  await expectSigned(stage, onChain, next, [one, {of: 2, amount: ether(64), index: 1002}]);

  // Many of somebody else's validators came first: new exits, and the deposits as they are asked for now.
  chain.nextIndex = 1055;
  const last = {validators_start_index: 1055, amounts: [ether(42), ether(64)]};
  const moved = await register(url, last);
  await expectSigned(stage, onChain, moved, [
    {of: 1, amount: ether(42), index: 1055},
    {of: 2, amount: ether(64), index: 1056},
  ]);
  expect(logged.filter((it) => "first_was" in it)).toMatchObject([
    {operator_id: "op-1", next_index: 1055, exits: [expect.any(String), expect.any(String)]},
  ]);
  const taken = untilMessages(stage.bus, "$JS.ACK.EXIT_SHARES.>", 1);
  await publish(await stage.busOf("sidecar-c1-3"), exitShare, aShare(stage, {of: 1, shareIndex: 3, validatorIndex: 1001}));
  await taken;
  expect((await register(url, last)).body).toEqual(moved.body);
});

it("tells the relayer once which results it has given", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 2, 4]);
  const heard = hearReceipts(stage);
  // Exits ahead would make others the current ones for a while, and the relayer is told again after that.
  const {url, stop} = await startTestGateway(stage, {...createChain(), aheadPerHour: 0});
  const two = {amounts: [ether(32), ether(32)]};
  await expect.poll(async () => (await register(url, two)).body["validators_manager_signature"]).not.toBeNull();
  await expect.poll(() => heard.toSorted()).toEqual(["op-1 1000", "op-1 1001"]);
  await register(url, two);
  await stop();
  await stage.bus.connection.flush();
  expect(heard).toHaveLength(2);
  for (const {publicKeyHex: publicKey} of stage.dealt)
    await expect.poll(async () => (await stage.requests.find({network: networks.hoodi, publicKey}))?.state).toBe("answered");
});

it("tells the relayer nothing of an exit whose deposit is missing: the operator cannot use it yet", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 2, 4], {vaults: [otherVault]});
  const heard = hearReceipts(stage);
  const {url, stop} = await startTestGateway(stage, createChain());
  const first = async () => ((await register(url, {amounts: [ether(32)]})).body["validators"] as object[])[0];
  const exitAlone = {deposit_signature: null, oracles_exit_signature_shares: {public_keys: expect.any(Array)}};
  await expect.poll(first).toMatchObject(exitAlone);
  await stop();
  await stage.bus.connection.flush();
  expect(heard).toEqual([]);
});

it("reserves a key for one vault, and asks for and signs nothing when the operator counts another index", async () => {
  const stage = await createStage({validators: 5});
  const onChain = createChain();
  const warned: object[] = [];
  const settings = {...onChain, onWarning: (fields: object) => void warned.push(fields)};
  const [{url}, other] = await Promise.all([startTestGateway(stage, settings), startTestGateway(stage, settings)]);
  const asked = untilMessages(stage.bus, "dvt.v2.requests.>", 2);
  const three = {amounts: [ether(40), ether(40), ether(40)]};
  await Promise.all([registerUntil(url, three, asked), registerUntil(other.url, {...three, vault: otherVault}, asked)]);

  const elsewhere = {...three, validators_start_index: 999};
  const known = await Promise.all([register(other.url, elsewhere), register(url, {...elsewhere, vault: otherVault})]);
  for (const {body} of known) expect(body).toMatchObject({validators_manager_signature: null});
  const [own = [], others = []] = known.map(keysOf);
  expect([...own, ...others].sort()).toEqual(stage.dealt.map(({publicKeyHex}) => publicKeyHex).sort());
  expect([own.length, others.length].sort()).toEqual([2, 3]);
  const fewer = own.length < 3 ? aVault : otherVault;
  expect(warned).toContainEqual({vault: fewer, asked: 3, keys: 2});
  expect(warned).toContainEqual({vault: aVault, validators_start_index: 999, next_index: 1000});
  const {body: metrics} = await send(`${other.url}/metrics`);
  expect(metrics["text"]).toContain(`dvt_gateway_keys_left{vault="${aVault}"} ${own.length}`);

  // Nothing is left with another type: sidecars are bound to the one that they signed for.
  const nothing = {validators: [], validators_manager_signature: null};
  expect((await register(url, {validator_type: "0x01"})).body).toEqual(nothing);
  for (const key of own) onChain.chain.registered.add(key);
  expect((await register(url)).body).toEqual(nothing);
});

it("refuses amounts that the vault's rules do not allow, or no validator can have", async () => {
  const stage = await createStage();
  const [{url}, without] = await Promise.all([startTestGateway(stage, createChain()), startTestGateway(stage)]);
  const rows = [
    {change: {amounts: [ether(32), ether(31)]}, status: 422, code: "VAULT_REFUSED"},
    {change: {amounts: [ether(64) + 1]}, status: 422, code: "VAULT_REFUSED"},
    {change: {amounts: [ether(33)], validator_type: "0x01"}, status: 422, code: "VAULT_REFUSED"},
    {change: {vault: `0x${"c3".repeat(20)}`}, status: 403, code: "NOT_ALLOWED"},
    {change: {amounts: []}, status: 400, code: "REQUEST_MALFORMED"},
    {change: {validator_type: "0x03"}, status: 400, code: "REQUEST_MALFORMED"},
    {change: {vault: "0xa1"}, status: 400, code: "REQUEST_MALFORMED"},
  ];
  for (const {change, status, code} of rows) expect(await register(url, change)).toMatchObject({status, body: {code}});
  expect(await register(without.url)).toMatchObject({status: 501, body: {code: "NOT_CONFIGURED"}});
});

it("logs why a validator cannot be registered", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 3], {vaults: [otherVault]});
  const refused = new Promise((resolve) => {
    void startTestGateway(stage, {...createChain(), onWarning: resolve}).then(({url}) => registerUntil(url, {}, refused));
  });
  expect(await refused).toEqual({
    exits: [`hoodi:${stage.dealt[0]?.publicKeyHex}:1000`],
    code: "DEPOSIT_REFUSED",
    refusals: {1: "VAULT_NOT_ALLOWED", 3: "VAULT_NOT_ALLOWED"},
  });
});
