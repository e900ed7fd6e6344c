import {randomBytes} from "node:crypto";
import {isIPv4} from "node:net";
import {toAccountsConfig} from "../messaging/accounts.js";
import {loadParticipants} from "../participants/participants.js";
import {isLoopback} from "../runtime/isLoopback.js";
import {type Centre, files, type NatsAddress, natsFolderOf, owners} from "./centre.js";
import {fillNatsConfig, type InCluster} from "./fillIn.js";
import {makeTls} from "./makeTls.js";
import type {Making} from "./making.js";
import type {Packaged} from "./packaged.js";

/** Where a NATS server listens: everywhere, unless everybody is on its machine. */
export function addressOf({host}: NatsAddress): string {
  if (!isLoopback(host)) return "0.0.0.0";
  return isIPv4(host) ? host : "127.0.0.1";
}

/** Makes what the servers need: NATS's configuration, accounts and certificates, and MongoDB's passwords. */
export async function makeServers(making: Making, packaged: Packaged, centre: Centre): Promise<void> {
  await makeTls(making, centre);
  await makeNats(making, packaged, centre);
  await making.file(files.mongoPassword, {mode: 0o600}, () => `${newPassword()}\n`);
  const place = centre.mongodb === undefined ? "mongo:27017/dvt?directConnection=true" : `${centre.mongodb}/dvt?replicaSet=rs0`;
  // The gateway's too, so that MongoDB knows its user from the first start.
  for (const role of ["relayer", "aggregator", "gateway"] as const) {
    const url = (): string => `mongodb://${role}:${newPassword()}@${place}\n`;
    await making.file(`${role}/mongodb.url`, {mode: 0o600, owner: owners[role]}, url);
  }
}

/** A folder for each server, all of them alike: with three, two of them are copied to the other machines. */
async function makeNats(making: Making, packaged: Packaged, {network, nats, otherServers = []}: Centre): Promise<void> {
  const open = {mode: 0o644, owner: owners.nats};
  const servers = [nats, ...otherServers];
  const accounts = await making.file(files.accounts, open, async () =>
    toAccountsConfig(await loadParticipants(making.path(files.participants), network)),
  );
  for (const [place, server] of servers.entries()) {
    const folder = natsFolderOf(place + 1);
    const cluster: InCluster | undefined =
      servers.length > 1 ? {number: place + 1, server, others: servers.filter((it) => it !== server)} : undefined;
    await making.file(`${folder}/accounts.conf`, open, () => accounts);
    await making.file(`${folder}/nats.conf`, open, async () =>
      fillNatsConfig(await packaged.text("nats.conf"), {address: addressOf(server), port: server.port, cluster}),
    );
  }
  if (otherServers.length === 0) return;
  await making.file(files.copyAccounts, {mode: 0o700}, async () =>
    (await packaged.text("docker/centre/copy-accounts")).replace("HOSTS", otherServers.map(({host}) => host).join(" ")),
  );
}

const newPassword = (): string => randomBytes(24).toString("hex");
