import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {demoVault} from "../../src/sandbox/makeCluster.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {keyOf} from "../support/examples/deposits.js";
import {vector} from "../support/files.js";
import {managerEnv, seedsOf, startGatewayProcess} from "../support/gatewayProcess.js";
import {createSystem, type System} from "../support/system.js";
import {type Answer, post} from "../support/testGateway.js";

const {private_key} = vector<{private_key: string}>("validators-manager.json");
const count = 2;
const ahead = 8;
const firstIndex = 77;

type Listed = {readonly public_key: string; readonly oracles_exit_signature_shares: object | null};
const isSigned = ({body}: Answer): boolean => typeof body["validators_manager_signature"] === "string";
const keysOf = ({body}: Answer): string[] => (body["validators"] as Listed[]).map(({public_key}) => public_key);

const registerAt = (url: string, validators_start_index: number): Promise<Answer> =>
  post(`${url}/register`, {
    vault: demoVault,
    validators_start_index,
    amounts: Array.from({length: count}, () => 32_000_000_000),
    validator_type: "0x01",
  });

const completeFrom = ({db}: System, index: number): Promise<number> =>
  db.collection("exits").countDocuments({validator_index: {$gte: index}, completed_at: {$exists: true}});

it("answers at the first poll after others have deposited, with all sidecars away, and after the gateway was killed", async () => {
  const system = await createSystem({validators: count});
  const [, , sidecars] = await Promise.all([system.relayer(), system.aggregator(), system.sidecars(0, 1, 2)]);
  const headAt = (next: number) => ({
    validators: Array.from({length: next}, (_, index) => keyOf(`validator ${index}`)),
    pending: [],
  });
  const beacon = await startBeaconServer(networks.hoodi, headAt(firstIndex));
  const env = {
    GATEWAY_SEEDS_DIR: await seedsOf(system, "operator-op-1"),
    NEXT_VALIDATOR_INDEX: "",
    CONSENSUS_ENDPOINT: beacon.url,
    ...(await managerEnv(private_key, "correct horse battery staple", {register: {max_amount: 32_000_000_000}})),
  };
  const start = (): Promise<Child & {url: string}> => startGatewayProcess(system, env);
  const first = await start();
  await expect.poll(async () => isSigned(await registerAt(first.url, firstIndex))).toBe(true);
  // In the middle of what it asks for ahead.
  await expect.poll(() => completeFrom(system, firstIndex)).toBeGreaterThan(count);
  first.process.kill("SIGKILL");
  await first.ended;

  const second = await start();
  const again = await registerAt(second.url, firstIndex);
  expect(isSigned(again)).toBe(true);
  expect(keysOf(again)).toEqual(system.publicKeys);
  await expect.poll(() => completeFrom(system, firstIndex + count)).toBe(ahead);
  await (sidecars as Child).stop();

  beacon.setHead(headAt(firstIndex + 3));
  const moved = await registerAt(second.url, firstIndex + 3);
  expect(isSigned(moved)).toBe(true);
  // An odd move: the first one comes last.
  expect(keysOf(moved)).toEqual(system.publicKeys.toReversed());
});
