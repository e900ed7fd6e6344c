import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {connectExecution} from "../../../src/execution/connectExecution.js";
import {createVaultChain} from "../../../src/execution/vaultChain.js";
import {fixedConfig} from "../../../src/oracles/liveOracles.js";
import {readOraclesConfig} from "../../../src/oracles/oracleSet.js";
import {rotate} from "../../../src/rotation/rotate.js";
import type {RotationParts} from "../../../src/rotation/rotationParts.js";
import type {RotationStep} from "../../../src/rotation/steps.js";
import {aLogger} from "../../support/logger.js";
import {useVaultChain} from "../../support/registrationStage.js";
import {aRotationStage, type RotationStage} from "../../support/rotationStage.js";

const {signal} = new AbortController();
const once = {watch: false, signal};
const chain = useVaultChain();

const names = ({steps}: RotationStage) => steps.map(({step}) => step);
const outdate = ({oracles, parts}: RotationStage, ...indexes: number[]) => oracles.outdate(parts.vaultChain.vault, indexes);
const with_ = (stage: RotationStage, change: Partial<RotationParts>): RotationParts => ({...stage.parts, ...change});

it("renews the exits that the oracles say are outdated, at the real indexes, and asks for them as rotations", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0, 2);
  expect(await rotate(stage.parts, once)).toEqual({publicKeys: [stage.publicKeys[0], stage.publicKeys[2]], obstacle: undefined});
  expect(names(stage)).toEqual(["planned", "exits ready", "approved", "sent", "included", "rotated"]);
  expect(stage.asked).toEqual([
    {index: 0, rotation: true},
    {index: 2, rotation: true},
  ]);
  expect(await stage.nonce()).toBe(1n);
});

it("says so if nothing is outdated, and asks and sends nothing", async () => {
  const stage = await aRotationStage(chain());
  expect(await rotate(stage.parts, once)).toEqual({publicKeys: [], obstacle: undefined});
  expect(names(stage)).toEqual(["current"]);
  expect([stage.asked, await stage.nonce()]).toEqual([[], 0n]);
});

it("says at once that there is no vault at an address, instead of asking oracles who know nothing of it", async () => {
  const stage = await aRotationStage(chain(), {validators: 0});
  const {anvil, stakeWise} = stage;
  const {keeper, depositContract} = stakeWise;
  const execution = await connectExecution(anvil.url, {chain: networks.mainnet, signal, logger: aLogger().logger});
  for (const vault of [`0x${"77".repeat(20)}`, keeper.address.toLowerCase()]) {
    const contracts = {vault, keeper: {address: keeper.address, firstBlock: 0}, depositContract, secondsPerBlock: 12};
    const rotating = rotate(with_(stage, {vaultChain: createVaultChain(execution, contracts)}), once);
    await expect(rotating).rejects.toMatchObject({code: "VAULT_INVALID"});
  }
  expect(stage.oracles.all.flatMap((oracle) => oracle.asked())).toEqual([]);
});

it("goes by the batches that the oracles' config allows, one nonce each", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0, 1, 2);
  const config = readOraclesConfig({...(stage.oracles.config as object), validators_exit_rotation_batch_limit: 2}, "the test's");
  const {publicKeys} = await rotate(with_(stage, {oracles: fixedConfig(config)}), once);
  expect(publicKeys).toEqual(stage.publicKeys);
  const rotated = stage.steps.filter((it): it is RotationStep & {step: "rotated"} => it.step === "rotated");
  expect(rotated.map((it) => [it.publicKeys.length, it.left])).toEqual([
    [2, 1],
    [1, 0],
  ]);
  expect(await stage.nonce()).toBe(2n);
});

describe("a validator that oracles call outdated", () => {
  it("and that is in no definition of the operator is not asked for", async () => {
    const stage = await aRotationStage(chain());
    outdate(stage, 0, 1);
    const parts = with_(stage, {candidates: () => stage.publicKeys.slice(1)});
    expect(await rotate(parts, once)).toMatchObject({
      publicKeys: [stage.publicKeys[1]],
      obstacle: {why: "not ours", indexes: [0]},
    });
    expect(stage.asked).toEqual([{index: 1, rotation: true}]);
  });

  it("and that the beacon node shows as another vault's is not asked for", async () => {
    const stage = await aRotationStage(chain());
    stage.showOfVault(stage.publicKeys.slice(1));
    outdate(stage, 0);
    expect(await rotate(stage.parts, once)).toEqual({publicKeys: [], obstacle: {why: "not ours", indexes: [0]}});
    expect([stage.asked, await stage.nonce()]).toEqual([[], 0n]);
  });

  it("and that the beacon node does not know is not asked for", async () => {
    const stage = await aRotationStage(chain());
    outdate(stage, 77);
    expect(await rotate(stage.parts, once)).toEqual({publicKeys: [], obstacle: {why: "not ours", indexes: [77]}});
  });
});

it("renews the others if sidecars refuse some, and names these", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0, 1);
  stage.refuses.add(stage.publicKeys[0] as string);
  const outcome = await rotate(stage.parts, once);
  expect(outcome.publicKeys).toEqual([stage.publicKeys[1]]);
  expect(outcome.obstacle).toMatchObject({why: "exits", rejected: [{code: "EXIT_REFUSED"}]});
  expect(await stage.nonce()).toBe(1n);
});

it("sends nothing if all are refused, or the user declines", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0);
  expect(await rotate(with_(stage, {confirm: async () => false}), once)).toMatchObject({obstacle: {why: "declined"}});
  expect(stage.asked).toEqual([]);
  stage.refuses.add(stage.publicKeys[0] as string);
  expect(await rotate(stage.parts, once)).toMatchObject({publicKeys: [], obstacle: {why: "exits"}});
  expect(await stage.nonce()).toBe(0n);
});

describe("oracles", () => {
  it.each([
    {id: "refuse", behaviour: {refuses: "not now"}},
    {id: "lie", behaviour: {lies: true}},
    {id: "sign a later deadline", behaviour: {deadlineLater: 3600}},
  ])("that $id are named, and asked again", async ({behaviour}) => {
    const stage = await aRotationStage(chain());
    outdate(stage, 0);
    const [first, second] = stage.oracles.all;
    for (const oracle of [first, second]) oracle?.behave(behaviour);
    const tell = (step: RotationStep): void => {
      stage.steps.push(step);
      if (step.step === "obstacle") for (const oracle of stage.oracles.all) oracle.behave({});
    };
    // They are asked what is outdated before: "refuses" is an answer to that, too.
    const {publicKeys} = await rotate(with_(stage, {tell}), once);
    expect(publicKeys).toEqual([stage.publicKeys[0]]);
    const told = stage.steps.find((step) => step.step === "obstacle");
    expect(told).toMatchObject({obstacle: {lacking: {needed: 3, failures: [{}, {}]}}});
    expect(await stage.nonce()).toBe(1n);
  });

  it("that have not seen the last rotation are waited for", async () => {
    const stage = await aRotationStage(chain());
    outdate(stage, 0);
    await rotate(stage.parts, once);
    for (const oracle of stage.oracles.all) oracle.behave({sawRotation: 1});
    const tell = (step: RotationStep): void => {
      stage.steps.push(step);
      if (step.step === "obstacle") for (const oracle of stage.oracles.all) oracle.behave({});
    };
    outdate(stage, 1);
    expect((await rotate(with_(stage, {tell}), once)).publicKeys).toEqual([stage.publicKeys[1]]);
    expect(stage.steps.find((step) => step.step === "obstacle")).toMatchObject({obstacle: {why: "outdated unknown"}});
  });
});

describe("another rotation of the vault", () => {
  it("that is sent while the oracles sign voids this one, which is made again for the next nonce", async () => {
    const stage = await aRotationStage(chain());
    outdate(stage, 0);
    const wallet = await stage.anotherWallet();
    let isFirst = true;
    const tell = (step: RotationStep): void => void stage.steps.push(step);
    const approvalsOf: RotationParts["approvalsOf"] = (config) => {
      const approvals = stage.parts.approvalsOf(config);
      return {
        ...approvals,
        async approveRotation(request, options) {
          const approved = await approvals.approveRotation(request, options);
          if (isFirst) {
            isFirst = false;
            await rotate(with_(stage, {wallet, tell: () => {}}), once);
          }
          return approved;
        },
      };
    };
    expect((await rotate(with_(stage, {tell, approvalsOf}), once)).publicKeys).toEqual([stage.publicKeys[0]]);
    expect(stage.steps.find((step) => step.step === "obstacle")).toMatchObject({
      obstacle: {why: "reverted", revert: "InvalidOracle"},
    });
    expect(await stage.nonce()).toBe(2n);
  });

  it("that comes into a block first voids this one while it is pending", async () => {
    const stage = await aRotationStage(chain());
    outdate(stage, 0);
    await stage.anvil.rpc("evm_setAutomine", false);
    let isFirst = true;
    const tell = (step: RotationStep): void => {
      stage.steps.push(step);
      if (step.step !== "sent" || !isFirst) return;
      isFirst = false;
      void overtake(stage);
    };
    await rotate(with_(stage, {tell}), once);
    expect(names(stage)).toContain("overtaken");
    expect(await stage.nonce()).toBe(2n);
  });
});

/** The pending transaction goes, and another process rotates. */
async function overtake(stage: RotationStage): Promise<void> {
  const wallet = await stage.anotherWallet();
  await stage.anvil.rpc("anvil_dropAllTransactions");
  await stage.anvil.rpc("evm_setAutomine", true);
  await rotate(with_(stage, {wallet, tell: () => {}}), once);
}

it("goes on where a process was killed between two batches: the oracles know what is left", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0, 1);
  const config = readOraclesConfig({...(stage.oracles.config as object), validators_exit_rotation_batch_limit: 1}, "the test's");
  const killed = new AbortController();
  const tell = (step: RotationStep): void => {
    if (step.step !== "rotated") return;
    outdate(stage, 1);
    killed.abort();
  };
  const parts = with_(stage, {oracles: fixedConfig(config), tell});
  await expect(rotate(parts, {watch: false, signal: killed.signal})).rejects.toThrow();
  expect(await stage.nonce()).toBe(1n);
  expect((await rotate(with_(stage, {oracles: fixedConfig(config)}), once)).publicKeys).toEqual([stage.publicKeys[1]]);
  expect(await stage.nonce()).toBe(2n);
});

it("takes the place of what a killed process has sent and no block has taken", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0);
  await stage.anvil.rpc("evm_setAutomine", false);
  const killed = new AbortController();
  const tell = (step: RotationStep): void => {
    if (step.step === "sent") killed.abort();
  };
  await expect(rotate(with_(stage, {tell}), {watch: false, signal: killed.signal})).rejects.toThrow();
  const later = (step: RotationStep): void => {
    stage.steps.push(step);
    if (step.step === "sent") void stage.anvil.rpc("evm_setAutomine", true).then(() => stage.anvil.rpc("evm_mine"));
  };
  expect((await rotate(with_(stage, {tell: later}), once)).publicKeys).toEqual([stage.publicKeys[0]]);
  expect(await stage.nonce()).toBe(1n);
});

it("with watch stays, and renews what becomes outdated, also while a node is away", async () => {
  const stage = await aRotationStage(chain());
  const stop = new AbortController();
  let isAway = true;
  const tell = (step: RotationStep): void => {
    stage.steps.push(step);
    if (step.step === "current" && !stage.steps.some((it) => it.step === "rotated")) {
      stage.beacon.answerWith(() => (isAway ? {status: 503, body: "away"} : undefined));
      outdate(stage, 1);
    }
    if (step.step === "obstacle" && step.obstacle.why === "unavailable") isAway = false;
    if (step.step === "rotated") stop.abort();
  };
  await expect(rotate(with_(stage, {tell}), {watch: true, signal: stop.signal})).rejects.toThrow();
  expect(names(stage)).toEqual(expect.arrayContaining(["current", "obstacle", "planned", "rotated"]));
  expect(await stage.nonce()).toBe(1n);
});

it("starts over with the oracles that are in force if they change while exits are signed", async () => {
  const stage = await aRotationStage(chain());
  outdate(stage, 0);
  const before = readOraclesConfig({...(stage.oracles.config as object), exit_signature_recover_threshold: 2}, "the test's");
  const now = readOraclesConfig(stage.oracles.config, "the test's");
  let config = before;
  const oracles = {
    ...fixedConfig(before),
    current: () => config.oracleSet,
    protocolConfig: () => fixedConfig(config).protocolConfig(),
  };
  const request: RotationParts["request"] = async (exits, stopped) => {
    config = now;
    return stage.parts.request(exits, stopped);
  };
  expect((await rotate(with_(stage, {oracles, request}), once)).publicKeys).toEqual([stage.publicKeys[0]]);
  expect(names(stage)).toContain("oracles changed");
});

describe("on Gnosis", () => {
  const gnosis = useVaultChain(networks.gnosis);

  it("renews exits of its own domain, in a transaction that xDAI pays for", async () => {
    const stage = await aRotationStage(gnosis());
    outdate(stage, 0, 2);
    const {wallet} = stage.parts;
    const before = await wallet.read();
    expect(await rotate(stage.parts, once)).toEqual({
      publicKeys: [stage.publicKeys[0], stage.publicKeys[2]],
      obstacle: undefined,
    });
    expect(await stage.nonce()).toBe(1n);
    expect((await wallet.read()).balance).toBeLessThan(before.balance);
  });
});
