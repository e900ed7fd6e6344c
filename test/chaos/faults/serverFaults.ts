import type {Fault} from "./fault.js";

const servers = ({cluster}: {cluster: boolean}): readonly string[] => (cluster ? ["nats-1", "nats-2", "nats-3"] : ["nats-1"]);
/** Of three one at a time: two of them away is no bus. */
const holdsAll = (): readonly string[] => ["nats"];

const kill: Fault = {
  name: "nats-server kill -9",
  targets: servers,
  holds: holdsAll,
  async strike({nats}, {target}) {
    await nats.kill(target);
    return () => nats.start(target);
  },
};

const freeze: Fault = {
  name: "nats-server SIGSTOP",
  targets: servers,
  holds: holdsAll,
  async strike({nats}, {target}) {
    nats.signal(target, "SIGSTOP");
    return async () => nats.signal(target, "SIGCONT");
  },
};

const wipe: Fault = {
  name: "nats-server wiped",
  targets: servers,
  holds: holdsAll,
  async strike({nats, wipeNats, applyStreams}, {target}) {
    await nats.kill(target);
    await wipeNats(target);
    return async () => {
      await nats.start(target);
      await applyStreams();
    };
  },
};

const partition: Fault = {
  name: "nats-server apart from the others",
  targets: (options) => (options.cluster ? servers(options) : []),
  holds: holdsAll,
  async strike({nats}, {target}) {
    nats.partition(target, true);
    return async () => nats.partition(target, false);
  },
};

/** In order: the embedded database acknowledges what reaches its disk a second later. */
const restartMongo: Fault = {
  name: "database restarted",
  targets: () => ["mongo"],
  async strike({mongo}, {lastsMs}) {
    const restarted = mongo.restart(lastsMs);
    return () => restarted;
  },
};

const freezeMongo: Fault = {
  name: "database SIGSTOP",
  targets: () => ["mongo"],
  async strike({mongo}) {
    mongo.signal("SIGSTOP");
    return async () => mongo.signal("SIGCONT");
  },
};

export const serverFaults: readonly Fault[] = [kill, freeze, wipe, partition, partition, restartMongo, freezeMongo];
