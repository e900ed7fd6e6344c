import {type Centre, files, natsFolderOf, owners} from "./centre.js";
import {createTlsKey, issueAuthority, issueServer} from "./certificates.js";
import type {Making} from "./making.js";

/** A certificate that ends stops everybody, so they last. Nobody else has this authority's key. */
const years = 10;

/**
 * Makes the authority that clients trust, and a certificate for each server: for its host in NATS_URL, its own machine and compose's
 * network. The servers of a cluster let in whoever has one.
 */
export async function makeTls(making: Making, {nats, otherServers = []}: Pick<Centre, "nats" | "otherServers">): Promise<void> {
  const key = await making.file(files.authorityKey, {mode: 0o600}, createTlsKey);
  const certificate = await making.file(files.authority, {mode: 0o644}, () => issueAuthority("dvt nats ca", key, years));
  const access = {mode: 0o600, owner: owners.nats};
  for (const [place, {host}] of [nats, ...otherServers].entries()) {
    const folder = natsFolderOf(place + 1);
    const serverKey = await making.file(`${folder}/nats.key`, access, createTlsKey);
    const hosts = [...new Set([host, "localhost", "127.0.0.1", "::1", "nats"])] as [string, ...string[]];
    await making.file(`${folder}/nats.pem`, access, () => issueServer(hosts, serverKey, {certificate, key}, years));
    if (otherServers.length > 0) await making.file(`${folder}/ca.pem`, {mode: 0o644, owner: owners.nats}, () => certificate);
  }
}
