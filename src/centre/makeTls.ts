import {type Centre, files, owners} from "./centre.js";
import {createTlsKey, issueAuthority, issueServer} from "./certificates.js";
import type {Making} from "./making.js";

/** A certificate that ends stops everybody, so they last. Nobody else has this authority's key. */
const years = 10;

/** Makes the authority that clients trust, and the server's certificate: for the host of NATS_URL, this machine and compose's network. */
export async function makeTls(making: Making, {nats}: Pick<Centre, "nats">): Promise<void> {
  const key = await making.file(files.authorityKey, {mode: 0o600}, createTlsKey);
  const certificate = await making.file(files.authority, {mode: 0o644}, () => issueAuthority("dvt nats ca", key, years));
  const access = {mode: 0o600, owner: owners.nats};
  const serverKey = await making.file(files.natsKey, access, createTlsKey);
  const hosts = [...new Set([nats.host, "localhost", "127.0.0.1", "::1", "nats"])] as [string, ...string[]];
  await making.file(files.natsCertificate, access, () => issueServer(hosts, serverKey, {certificate, key}, years));
}
