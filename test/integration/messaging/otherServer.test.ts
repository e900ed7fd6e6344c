import {describe, expect, inject, it, onTestFinished} from "vitest";
import {exitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {connectBus} from "../../../src/messaging/connect.js";
import {consume, type Delivery} from "../../../src/messaging/consume.js";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {publish} from "../../../src/messaging/publish.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {castIn} from "../../support/cast.js";
import {anExitShare} from "../../support/examples/messages.js";
import {someParticipants} from "../../support/examples/participants.js";
import {aLogger} from "../../support/logger.js";
import {startLyingNats} from "../../support/lyingNats.js";
import {connectTestBus, silent, startOpenNats} from "../../support/servers.js";
import {applyStreams} from "../../support/stage.js";
import {startTestLink} from "../../support/startTestLink.js";

const hostOf = (url: string): string => new URL(url).host;

describe("of several servers", () => {
  it("one that accepts connections but does not serve is left for another, where publishing and consuming continue", async () => {
    const {participantsFile, seedFile} = castIn(inject("castFolder"));
    const participants = await loadParticipants(participantsFile, networks.hoodi.name);
    const servers = await Promise.all([startOpenNats(), startOpenNats()]);
    const shared = {participants, seedFile, sharedAccount: true};
    const admins = await Promise.all(servers.map(({url}) => connectTestBus("admin", {...shared, url})));
    for (const admin of admins) await applyStreams(admin, participants);
    const {logger, logged} = aLogger();
    const url = servers.map((server) => server.url).join(",");
    const bus = await connectTestBus("sidecar-c1-1", {...shared, url, logger, patienceMs: 500});
    const first = bus.connection.getServer();
    let onHandled = (_: string): void => {};
    const handled = new Promise<string>((resolve) => {
      onHandled = resolve;
    });
    const handle = async ({subject}: Delivery): Promise<string> => {
      onHandled(subject);
      return "done";
    };
    const options = {stream: "EXIT_SHARES", durable: "aggregator-hoodi-c1-1", concurrency: 8, handle, logger: silent} as const;
    const consumer = await consume(bus, options);
    onTestFinished(consumer.stop);
    await deleteStreams(admins[servers.findIndex((server) => hostOf(server.url) === first)] as (typeof admins)[number]);
    const share = anExitShare({cluster_id: "c1", share_index: 1});
    const attempt = (): Promise<boolean> =>
      publish(bus, exitShare, share).then(
        () => true,
        () => false,
      );
    while (!(await attempt())) expect(bus.connection.isClosed()).toBe(false);
    expect(await handled).toBe(exitShare.subject(share));
    const other = servers.map((server) => hostOf(server.url)).find((host) => host !== first);
    expect(bus.connection.getServer()).toBe(other);
    expect(logged).toMatchObject([
      {level: 40, server: first, msg: expect.stringMatching(/does not answer/)},
      {level: 30, server: other, msg: "nats connected to this server instead"},
    ]);
  });

  it("one that was unreachable at the start is connected to later", async () => {
    const lying = await Promise.all([startLyingNats({}), startLyingNats({})]);
    const [up, down] = await Promise.all(lying.map(({url}) => startTestLink(Number(url.split(":")[1]))));
    if (!up || !down) throw new Error("two links");
    down.cut();
    const participants = someParticipants({network: "hoodi", operatorIds: ["op-1"], clusters: []});
    const connectAny = () =>
      connectBus({
        url: [up, down].map(({port}) => `127.0.0.1:${port}`).join(","),
        identity: toIdentity("relayer", createSeed().seed),
        participants,
        logger: silent,
      });
    // Each picks its first server at random.
    const buses = await Promise.all(Array.from({length: 8}, connectAny));
    onTestFinished(async () => void (await Promise.all(buses.map(({connection}) => connection.close()))));
    up.cut();
    down.open();
    await lying[1]?.untilLogins(8);
  });
});
