import type {StreamName} from "../../../schemas/defineMessage.js";
import {DvtError} from "../../errors.js";
import {accessOf} from "../../messaging/accounts.js";
import {openBusClock} from "../../messaging/busClock.js";
import type {Bus} from "../../messaging/connect.js";
import {readConsumer} from "../../messaging/consumer.js";
import {expectRightClock} from "../../messaging/expectRightClock.js";
import {toIdentity} from "../../messaging/identity.js";
import {inspectStream, type StreamCopies} from "../../messaging/inspectStreams.js";
import {streamSpecs} from "../../messaging/topology.js";
import type {Participants} from "../../participants/participants.js";
import {durationText} from "../../runtime/durationText.js";
import {createLogger} from "../../runtime/logger.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {readPublished} from "../../trust/readPublished.js";
import {type BusConfig, connectAs} from "../opening/connectAs.js";
import {type Check, createPart, Fault, type Part, partCheck, toCheck} from "./check.js";
import type {Context} from "./context.js";

/** Who a role is on the bus, as participants.json has it. */
export type Member = {readonly participant: string; readonly nkey: string | undefined};

const silent = createLogger({role: "doctor", level: "silent", format: "json"});

const ownerOf = (participants: Participants, nkey: string): string | undefined =>
  nkey === participants.admin.nkey ? "admin" : accessOf(participants).find((it) => it.nkey === nkey)?.participant;

/** The seed file of a role, and whether it is that role's; `find` may refuse the nkey, for a role that several participants may be. */
export const seedPart = (
  who: string,
  participants: Part<Participants>,
  {find, config, env}: Context<BusConfig> & {find: (all: Participants, nkey: string) => Member},
): Part<Member> =>
  createPart(`seed of ${who}`, async () => {
    const path = userPath(config.NATS_SEED_FILE, env);
    const text = await readKeyFile(path, "the nkey seed", {allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true"});
    const {nkey} = toIdentity(who, text);
    const all = await participants.need();
    const member = find(all, nkey);
    if (member.nkey === nkey) return member;
    const owner = ownerOf(all, nkey);
    throw new DvtError(
      "KEY_FILE_INVALID",
      `${path} is the seed of ${owner ?? `${nkey}, whom participants.json does not list`}; this has to be the seed of ${member.participant}` +
        (member.nkey === undefined ? ", whom participants.json does not list either" : ""),
    );
  });

export const seedCheck = (part: Part<Member>): Check =>
  partCheck(part, ({participant}) => `participants.json lists it as ${participant}`);

/** The connection to NATS as a participant. */
export const busPart = (
  who: string,
  seed: Part<Member>,
  participants: Part<Participants>,
  context: Context<BusConfig>,
): Part<Bus> =>
  createPart(`NATS as ${who}`, async (logger) => {
    const {participant, nkey} = await seed.need();
    const {config, env, shutdown} = context;
    const options = {participants: await participants.need(), config, env, logger, waitFor: withoutWaiting};
    const bus = await connectAs(participant, nkey, options);
    shutdown.onStop(bus.close);
    return bus;
  });

export const busCheck = (part: Part<Bus>): Check =>
  partCheck(part, ({connection}) => `logged in at ${connection.getServer()}, nats-server ${connection.info?.version}`, {
    asNotes: true,
  });

/** For a role that may ask for all streams. */
export const streamsCheck = (part: Part<Bus>): Check =>
  toCheck("streams", async () => {
    const bus = await part.need();
    const names = streamSpecs().map(({name}) => name);
    return describeCopies(await forAll(names, (name) => inspectStream(bus, name)));
  });

/** The sentence about the streams; a Fault unless every server of a cluster has all that it shall have. */
export function describeCopies(streams: readonly (StreamCopies & {readonly stream: string})[]): string {
  const all = `all ${streams.length} are there`;
  if (!streams.some(({isClustered}) => isClustered)) return all;
  const single = streams.filter(({wanted}) => wanted === 1).map(({stream}) => stream);
  if (single.length > 0)
    throw new Fault(`one server alone keeps ${single.join(", ")}`, "Set STREAM_REPLICAS=3, and run dvt streams apply.");
  const behind = new Map<string, string>();
  for (const {stream, behind: servers} of streams)
    for (const {server, why} of servers) if (!behind.has(`${server} ${why}`)) behind.set(`${server} ${why}`, stream);
  const [first, ...others] = [...behind].map(([problem, stream]) => `${problem}, for example in ${stream}`);
  if (first === undefined) return `${all}, each on ${Math.max(...streams.map(({wanted}) => wanted))} servers that are up to date`;
  throw new Fault(
    `not all servers of the cluster have them: ${first}${others.length > 0 ? `, and ${others.length} more like it` : ""}`,
    "Stop no other server now. Start the one that is away, or wait until it has caught up (docs/clusters.md).",
  );
}

/** Asks for each, and returns the answers; rejects with the first failure, and says how many more there are. */
async function forAll<T, A>(all: readonly T[], ask: (it: T) => Promise<A>): Promise<A[]> {
  const asked = await Promise.allSettled(all.map(ask));
  const [first, ...others] = asked.flatMap((it) => (it.status === "rejected" ? [it.reason as Error] : []));
  if (first === undefined) return asked.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
  if (!(first instanceof DvtError) || others.length === 0) throw first;
  throw new DvtError(first.code, `${first.message}; and ${others.length} more of ${all.length} like it`, {cause: first});
}

/** The one stream that all may read: whether the role's participants.json is the one that the administrator published last. */
export const participantsStreamCheck = (part: Part<Bus>): Check =>
  toCheck("stream PARTICIPANTS", async () => {
    const bus = await part.need();
    const {network, admin, version: own} = bus.participants();
    const published = await readPublished(bus, {network, adminNkey: admin.nkey});
    if (published === undefined) return "it is there, and no participants.json is published";
    const {version} = published;
    if (own === undefined) return `version ${version} of participants.json is published, and this file has no version`;
    if (own >= version) return `version ${own} of participants.json is the latest`;
    throw new Fault(
      `version ${version} of participants.json is published, but this file is version ${own}`,
      "With TRUST_FILE, the running role takes it, or waits for dvt trust. Without, copy the administrator's file.",
    );
  });

/** The consumers of a role on one stream. */
export type Consumers = {readonly stream: StreamName; readonly durables: (participants: Participants) => readonly string[]};

const consumersPart = (who: string, part: Part<Bus>, {stream, durables}: Consumers): Part<ConsumersFound> =>
  createPart(`consumers of ${who}`, async () => {
    const bus = await part.need();
    const names = durables(bus.participants());
    await forAll(names, (durable) => readConsumer(bus, stream, durable));
    return {bus, stream, names};
  });

type ConsumersFound = {readonly bus: Bus; readonly stream: StreamName; readonly names: readonly string[]};

/** Whether the consumers of a role are there, and this machine's clock against that of the server, which consumers tell. */
export function consumersChecks(who: string, bus: Part<Bus>, consumers: Consumers): Check[] {
  const part = consumersPart(who, bus, consumers);
  return [
    partCheck(part, ({names, stream}) =>
      names.length === 0 ? "none yet: participants.json lists nobody who sends to it" : `${names.join(", ")} on ${stream}`,
    ),
    toCheck(`clock of ${who}`, async () => compareClocks(await part.need())),
  ];
}

async function compareClocks({bus, stream, names}: ConsumersFound): Promise<string> {
  if (names.length === 0) return "not compared: nobody sends to this role yet";
  const clock = await openBusClock(bus, {stream, durables: () => names, logger: silent});
  try {
    await expectRightClock(clock);
    const offsetMs = clock.offsetMs();
    return `this machine's is ${durationText(Math.abs(offsetMs))} ${offsetMs < 0 ? "behind" : "ahead of"} the NATS server's`;
  } finally {
    await clock.stop();
  }
}
