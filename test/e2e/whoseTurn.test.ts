import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {dvt} from "../support/dvt.js";
import {startTestLink} from "../support/startTestLink.js";
import {clusterId, createSystem, operatorId, type System} from "../support/system.js";

/** Three of four have to sign; the beacon node of share index 1 is away, and share index 4 is not started. */
async function createStalled() {
  const system = await createSystem({validators: 2});
  const beacon = new URL((await startBeaconServer(networks.hoodi)).url);
  const link = await startTestLink(Number(beacon.port));
  beacon.port = String(link.port);
  const [relayer] = await Promise.all([
    system.relayer(),
    system.aggregator(),
    system.sidecars(1, 2),
    system.sidecar(0, {CONSENSUS_ENDPOINT: beacon.href}),
  ]);
  link.cut();
  return {system, link, relayer};
}

const dvtAs = ({env, seedFile}: System, participant: string, ...args: string[]) =>
  dvt(args, {...env, NATS_SEED_FILE: seedFile(participant)});

const untilMissing = (system: System, missing: readonly object[]): Promise<void> =>
  expect
    .poll(async () => JSON.parse((await dvtAs(system, "admin", "status", "--json")).output).clusters[0].missing, {interval: 200})
    .toEqual([
      expect.objectContaining({exits: 2, has: [2, 3], needs: 3, lacks: missing.map((it) => expect.objectContaining(it))}),
    ]);

const stalled = [
  {share_index: 1, why: "waits", code: "CONSENSUS_UNAVAILABLE"},
  {share_index: 4, why: "away"},
];

const lacks = "share index 1 waits: CONSENSUS_UNAVAILABLE since .*; share index 4 was never seen";
const turn = new RegExp(`2 of 3 shares \\(2, 3\\); ${lacks}`);

it("an exit that does not come: whoever asks is told whose turn it is, until it is complete, and without a relayer what is known", async () => {
  const {system, link, relayer} = await createStalled();
  const waiting = system.startRequest({more: ["--json"]});
  await untilMissing(system, stalled);
  for (const participant of ["admin", `operator-${operatorId}`]) await expectTold(system, participant);
  expect((await dvtAs(system, "admin", "exits", "show", `${system.publicKeys[0]}:7`)).code).toBe(2);
  expect((await dvtAs(system, "admin", "status", "--cluster", "other")).code).toBe(64);

  waiting.process.kill("SIGINT");
  expect(await waiting.ended, waiting.output()).toBe(75);
  expect(waiting.output()).toMatch(turn);
  const [json = ""] = /^\{"completed".*$/m.exec(waiting.output()) ?? [];
  expect(JSON.parse(json)).toMatchObject({
    completed: [],
    rejected: [],
    missing: [1000, 1001].map((validator_index) => ({validator_index, state: "open", has: [2, 3], needs: 3, lacks: stalled})),
  });

  link.open();
  await system.sidecar(3);
  await system.expectCompleted(system.request());
  const {output} = await dvtAs(system, `operator-${operatorId}`, "exits", "list", "--state", "complete");
  expect(output.split("\n")).toHaveLength(3);

  await relayer.stop();
  await expectKnownWithoutRelayer(system);
});

async function expectTold(system: System, participant: string): Promise<void> {
  const [key = ""] = system.publicKeys;
  const short = `${key.slice(0, 10)}..${key.slice(-6)}`;
  const status = await dvtAs(system, participant, "status", "--cluster", clusterId);
  expect(status.code).toBe(0);
  expect(status.output).toMatch(/^ +1 {2}▒ waits/m);
  expect(status.output).toMatch(/^ +2 {2}■ signs/m);
  expect(status.output).toMatch(/^ +4 {2}□ away {2,}never/m);
  expect(status.output).toMatch(turn);

  const list = await dvtAs(system, participant, "exits", "list", "--limit", "1");
  expect(list.output).toMatch(new RegExp(`2 of 3 shares \\(2, 3\\)  ${lacks}`));
  expect(list.output).toContain("there are more");

  const show = await dvtAs(system, participant, "exits", "show", short);
  expect(show.output).toMatch(new RegExp(`^${key}, index 1000, of ${clusterId}\nopen for `));
  expect(show.output).toMatch(/sent to the sidecars$/m);
  expect(show.output).toMatch(/share of share index 3$/m);
  expect(show.output).toContain("missing:\n  share index 1 waits: CONSENSUS_UNAVAILABLE");
}

/** The administrator sees what the others say about themselves, an operator why nothing is known. */
async function expectKnownWithoutRelayer(system: System): Promise<void> {
  const admin = await dvtAs(system, "admin", "status");
  expect(admin.code).toBe(75);
  expect(admin.output).toMatch(/^! ask the relayer: no relayer answers/);
  expect(admin.output).toMatch(/^ +2 {2}■ signs/m);
  expect(admin.output).toMatch(/^relayer +□ away/m);
  expect(JSON.parse((await dvtAs(system, "admin", "status", "--json")).output.split("\n")[0] as string)).toMatchObject({
    clusters: [{cluster_id: clusterId}],
  });
  const operator = await dvtAs(system, `operator-${operatorId}`, "status");
  expect(operator).toMatchObject({code: 75, output: expect.stringContaining("no relayer answers")});
  expect(await dvtAs(system, `sidecar-${clusterId}-1`, "status")).toMatchObject({
    code: 78,
    output: expect.stringContaining("KEY_FILE_INVALID"),
  });
}
