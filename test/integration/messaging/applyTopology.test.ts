import {describe, expect, it} from "vitest";
import {exitShare} from "../../../schemas/exitShare.js";
import {applyTopology, planTopology, type Topology} from "../../../src/messaging/applyTopology.js";
import {publish} from "../../../src/messaging/publish.js";
import {type ConsumerSpec, consumerSpecs, streamSpecs} from "../../../src/messaging/topology.js";
import {aShare, createStage, messagesIn, type Stage} from "../../support/stage.js";

const declared = ({participants}: Stage, changes: Partial<Topology> = {}): Topology => ({
  streams: streamSpecs(1),
  consumers: consumerSpecs(participants, 30_000),
  network: "hoodi",
  ...changes,
});
const withStream = (name: string, changes: object) =>
  streamSpecs(1).map((spec) => (spec.name === name ? {...spec, ...changes} : spec));

describe("the topology", () => {
  it("matches once it is applied", async () => {
    const stage = await createStage();
    expect(await planTopology(stage.bus, declared(stage))).toEqual([]);
  });

  it("is planned without changing anything", async () => {
    const stage = await createStage();
    const topology = declared(stage, {consumers: consumerSpecs(stage.participants, 5000)});
    const plan = await planTopology(stage.bus, topology);
    expect(plan.map(({action}) => action)).toEqual(plan.map(() => "update"));
    expect(plan.length).toBe(topology.consumers.length);
    expect(plan[0]?.differences).toEqual(["ack_wait: 30 s -> 5 s"]);
    expect(await planTopology(stage.bus, topology)).toHaveLength(plan.length);
    await applyTopology(stage.bus, plan, {force: false});
    expect(await planTopology(stage.bus, topology)).toEqual([]);
  });

  it.each([
    {id: "one subject", filter: {filter_subject: "dvt.v2.exit_shares.hoodi.c1.1"}},
    {id: "two subjects", filter: {filter_subjects: ["dvt.v2.exit_shares.hoodi.c1.1", "dvt.v2.exit_refusals.hoodi.c1.1"]}},
  ])("gives a consumer of $id its declared subjects", async ({filter}) => {
    const stage = await createStage();
    const wanted = declared(stage);
    const consumers = wanted.consumers.map(({stream, config}): ConsumerSpec => {
      const {filter_subject, filter_subjects, ...rest} = config;
      return config.durable_name === "aggregator-hoodi-c1-1" ? {stream, config: {...rest, ...filter}} : {stream, config};
    });
    for (const topology of [declared(stage, {consumers}), wanted]) {
      const plan = await planTopology(stage.bus, topology);
      expect(plan.map(({action, what}) => `${action} ${what}`)).toEqual(["update consumer aggregator-hoodi-c1-1 of EXIT_SHARES"]);
      await applyTopology(stage.bus, plan, {force: false});
      expect(await planTopology(stage.bus, topology)).toEqual([]);
    }
  });

  it("includes every consumer of a stream, however many there are", async () => {
    const stage = await createStage();
    const operators = Array.from({length: 300}, (_, n) => ({id: `many-${n}`, nkey: ""}));
    const many = consumerSpecs({...stage.participants, operators}, 30_000).filter(({stream}) => stream === "COMPLETIONS");
    const topology = declared(stage, {consumers: [...declared(stage).consumers, ...many]});
    await applyTopology(stage.bus, await planTopology(stage.bus, topology), {force: false});
    expect(await planTopology(stage.bus, topology)).toEqual([]);
    const plan = await planTopology(stage.bus, declared(stage));
    expect(plan.filter(({action}) => action === "delete")).toHaveLength(300);
  });

  it("gives a new stream as many replicas as the others, if no number is set", async () => {
    const stage = await createStage();
    await (await stage.bus.connection.jetstreamManager()).streams.delete("COMPLETIONS");
    const topology = declared(stage, {streams: streamSpecs()});
    await applyTopology(stage.bus, await planTopology(stage.bus, topology), {force: false});
    expect(await planTopology(stage.bus, declared(stage))).toEqual([]);
  });

  it("deletes the consumers of removed participants, and none of other networks", async () => {
    const stage = await createStage();
    const gnosis = {...stage.participants, network: "gnosis" as const, operators: [{id: "op-3", nkey: ""}], clusters: []};
    const others = declared(stage, {consumers: consumerSpecs(gnosis, 30_000), network: "gnosis"});
    await applyTopology(stage.bus, await planTopology(stage.bus, others), {force: false});
    const [first] = stage.participants.clusters;
    const fewer = {...stage.participants, clusters: first ? [{...first, sidecars: first.sidecars.slice(0, 3)}] : []};
    const plan = await planTopology(stage.bus, declared(stage, {consumers: consumerSpecs(fewer, 30_000)}));
    expect(plan.map(({action, what}) => `${action} ${what}`).sort()).toEqual([
      "delete consumer aggregator-hoodi-c1-4 of EXIT_SHARES",
      ...[1, 2, 3, 4].map((it) => `delete consumer aggregator-hoodi-c2-${it} of EXIT_SHARES`),
      "delete consumer sidecar-c1-4 of EXIT_REQUESTS",
      ...[1, 2, 3, 4].map((it) => `delete consumer sidecar-c2-${it} of EXIT_REQUESTS`),
    ]);
  });

  it.each([
    {id: "another retention", stream: "EXIT_SHARES", changes: {retention: "limits"}},
    {id: "a shorter max_age", stream: "EXIT_SHARES", changes: {max_age: 3600 * 1e9}},
    {id: "fewer messages per subject than there are", stream: "EXIT_SHARES", changes: {max_msgs_per_subject: 1}},
    {id: "a subject less", stream: "EXIT_SHARES", changes: {subjects: ["dvt.v2.exit_shares.gnosis.*.*"]}},
  ])("is not changed without --force if messages would be lost: $id", async ({stream, changes}) => {
    const stage = await createStage();
    const wanted = declared(stage, {streams: withStream(stream, changes) as Topology["streams"]});
    await publish(stage.bus, exitShare, aShare(stage));
    await publish(stage.bus, exitShare, aShare(stage));
    const plan = await planTopology(stage.bus, wanted);
    await expect(applyTopology(stage.bus, plan, {force: false})).rejects.toMatchObject({code: "STREAMS_CHANGE_LOSES"});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(2);
  });

  it("allows a time to live on an existing stream of exit requests, and loses no message", async () => {
    const stage = await createStage();
    await (await stage.bus.connection.jetstreamManager()).streams.delete("EXIT_REQUESTS");
    const before = declared(stage, {streams: withStream("EXIT_REQUESTS", {allow_msg_ttl: undefined}) as Topology["streams"]});
    await applyTopology(stage.bus, await planTopology(stage.bus, before), {force: false});
    await stage.bus.js.publish("dvt.v2.exit_requests.hoodi.c1.0xab.1", "{}");
    const plan = await planTopology(stage.bus, declared(stage));
    expect(plan).toMatchObject([{action: "update", what: "stream EXIT_REQUESTS"}]);
    await applyTopology(stage.bus, plan, {force: false});
    expect(await planTopology(stage.bus, declared(stage))).toEqual([]);
    expect(await messagesIn(stage.bus, "EXIT_REQUESTS")).toBe(1);
  });

  it("is recreated with --force if it cannot be changed", async () => {
    const stage = await createStage();
    await publish(stage.bus, exitShare, aShare(stage));
    const wanted = declared(stage, {
      streams: withStream("EXIT_SHARES", {retention: "limits", discard_new_per_subject: false}) as Topology["streams"],
    });
    await applyTopology(stage.bus, await planTopology(stage.bus, wanted), {force: true});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
    expect(await planTopology(stage.bus, wanted)).toEqual([]);
  });
});
