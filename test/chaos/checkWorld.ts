import {readFile} from "node:fs/promises";
import {setTimeout as delay} from "node:timers/promises";
import {MongoClient} from "mongodb";
import {type Bus, connectBus} from "../../src/messaging/connect.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {toIdentity} from "../../src/messaging/identity.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../src/participants/participants.js";
import {createLogger} from "../../src/runtime/logger.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import {request, type Shards, toText, type Workload} from "./workload.js";
import {network, operatorIds, type World} from "./world.js";

type StoredExit = {
  _id: string;
  public_key: string;
  validator_index: number;
  results?: Record<string, Shards>;
  shares?: object;
  collecting?: boolean;
  unpublished?: object;
};
type StoredRequest = {_id: string; validator_index: number; state: string};

/** How long everything may take to drain once nothing is broken any more. */
const drainSeconds = 120;

/** What does not hold now that everything has healed: nothing, where no exit was lost, doubled or wrong. */
export async function checkWorld(world: World, workload: Workload, announce: (step: string) => void): Promise<string[]> {
  const findings: string[] = [];
  announce("every operator asks for everything once more");
  findings.push(...(await askForEverything(world, workload)));
  announce("looking at what is left on the bus and in the database");
  const bus = await connectAdmin(world);
  const client = await MongoClient.connect(world.mongo.url());
  try {
    findings.push(...(await untilNone(() => stuckMessages(bus), announce)));
    findings.push(...(await untilNone(() => unfinished(client, workload), announce)));
    findings.push(...(await differing(client, bus, workload)));
    for (const {subject, letter} of await readDeadLetters(bus)) {
      findings.push(`a dead letter on ${subject}: ${letter ? JSON.stringify(letter).slice(0, 400) : "it is malformed"}`);
    }
  } finally {
    await client.close();
    await bus.close();
  }
  for (const member of world.members.values()) {
    findings.push(...member.findings);
    const peak = await member.peakMiB();
    if (peak > 400) findings.push(`${member.name} needed ${Math.round(peak)} MiB`);
    if (peak === 0) findings.push(`${member.name} does not run`);
  }
  return findings;
}

/** Both operators ask for every validator at its last index; all come, and every oracle can open its shard. */
async function askForEverything(world: World, {lastIndexOf}: Workload): Promise<string[]> {
  const findings: string[] = [];
  const publicKeys = world.clusters.flatMap((cluster) => cluster.publicKeys);
  const validators = publicKeys.map((publicKey) => ({publicKey, validatorIndex: lastIndexOf(publicKey)}));
  const oracleSet = await loadOracleSet(world.oraclesFile);
  for (const operatorId of operatorIds) {
    const startIndex = validators[0]?.validatorIndex as number;
    const ask = {operatorId, publicKeys, startIndex, timeout: drainSeconds, name: `${operatorId}-last`};
    // The pulls of the one before may still be counted as somebody who waits.
    let answered = await request(world, ask);
    for (let attempt = 1; attempt < 10 && /OPERATOR_ID_IN_USE/.test(answered.printed); attempt++) {
      await delay(1000);
      answered = await request(world, ask);
    }
    if (answered.code !== 0)
      findings.push(
        `operator ${operatorId} asked for everything at the end and its command ended with ${answered.code}:\n${answered.printed}`,
      );
    else
      await checkResults(answered.output, {network, oracleSet, validators}, world.oracleKeys).catch((error: Error) =>
        findings.push(`the results of ${operatorId}: ${error.message}`),
      );
  }
  return findings;
}

async function connectAdmin(world: World): Promise<Bus> {
  return connectBus({
    url: world.nats.names.map((name) => `nats://127.0.0.1:${world.nats.portOf(name)}`).join(","),
    identity: toIdentity("admin", await readFile(world.seedFile("admin"), "utf8")),
    participants: await loadParticipants(world.participantsFile, network.name),
    logger: createLogger({role: "chaos", level: "error", format: "plain"}),
  });
}

/** What is still there after `drainSeconds` of looking. */
async function untilNone(look: () => Promise<string[]>, announce: (step: string) => void): Promise<string[]> {
  const deadline = performance.now() + drainSeconds * 1000;
  let saidAt = performance.now();
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > deadline) return found;
    if (performance.now() - saidAt > 10_000) {
      saidAt = performance.now();
      announce(`waiting: ${found[0]}${found.length > 1 ? `, and ${found.length - 1} more` : ""}`);
    }
    await delay(250);
  }
}

async function stuckMessages(bus: Bus): Promise<string[]> {
  const manager = await bus.connection.jetstreamManager();
  const counts = await Promise.all(
    ["REQUESTS", "EXIT_SHARES"].map(async (name) => [name, (await manager.streams.info(name)).state.messages] as const),
  );
  return counts.filter(([, messages]) => messages > 0).map(([name, messages]) => `${messages} messages are left on ${name}`);
}

async function unfinished(client: MongoClient, {lastIndexOf}: Workload): Promise<string[]> {
  const requests = await client.db().collection<StoredRequest>("requests").find().toArray();
  const exits = await client.db().collection<StoredExit>("exits").find().toArray();
  return [
    ...requests.filter(({state}) => state !== "answered").map(({_id, state}) => `the request ${_id} is ${state}`),
    ...requests
      .filter(({_id, validator_index}) => validator_index !== lastIndexOf(_id.split(":")[1] as string))
      .map(({_id, validator_index}) => `the request ${_id} is at index ${validator_index}`),
    ...exits.filter((exit) => exit.collecting).map(({_id}) => `${_id} still holds shares`),
    ...exits.filter((exit) => exit.unpublished).map(({_id}) => `the result of ${_id} is not known to be published`),
  ];
}

/** One result for each exit, the same in the database, on the bus and in every file that an operator was given. */
async function differing(client: MongoClient, bus: Bus, {told, lastIndexOf}: Workload): Promise<string[]> {
  const findings: string[] = [];
  const exits = await client.db().collection<StoredExit>("exits").find().toArray();
  const results = new Map<string, string>();
  for (const {_id, results: stored = {}, shares} of exits) {
    const all = Object.values(stored);
    if (all.length > 1) findings.push(`${_id} has ${all.length} results`);
    if (all.length > 0 && shares) findings.push(`${_id} has a result and still holds shares`);
    if (all[0]) results.set(_id, toText(all[0]));
  }
  for (const {operatorId, publicKey, validatorIndex, shards} of told) {
    const id = `${network.name}:${publicKey}:${validatorIndex}`;
    if (results.get(id) !== shards) findings.push(`${operatorId} was told another result of ${id} than the database has`);
  }
  const manager = await bus.connection.jetstreamManager();
  for (const {_id, public_key, validator_index} of exits.filter((it) => it.validator_index === lastIndexOf(it.public_key))) {
    for (const operatorId of operatorIds) {
      const last_by_subj = `dvt.v2.completions.${network.name}.${operatorId}.${public_key}.${validator_index}`;
      const said = await manager.streams.getMessage("COMPLETIONS", {last_by_subj}).then(
        (message) => message.json<{status: string; oracles_exit_signature_shares?: Shards}>(),
        () => undefined,
      );
      if (said?.oracles_exit_signature_shares === undefined || toText(said.oracles_exit_signature_shares) !== results.get(_id)) {
        findings.push(`the bus tells ${operatorId} another result of ${_id} than the database has: ${said?.status ?? "nothing"}`);
      }
    }
  }
  return findings;
}
