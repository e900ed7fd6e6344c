import {setTimeout as delay} from "node:timers/promises";
import {loadDefinition} from "../../src/clusters/loadDefinition.js";
import {networks} from "../../src/consensus/networks.js";
import type {KeyShares} from "../../src/keys/keyShares.js";
import {createKeystores} from "../../src/keys/keystores.js";
import {toHex} from "../../src/runtime/hex.js";
import {keystoresOf} from "../../src/sandbox/makeCluster.js";
import {type Answer, post, send} from "./testGateway.js";

const betweenPollsMs = 100;

export type Listed = {
  public_key: string;
  validator_index: number;
  is_exit_signature_ready: boolean;
  share_indexes_ready: number[];
};

/** Polls, as every sidecar over HTTP does, until the exits that are listed are as wanted. */
export async function untilListed(url: string, isWanted: (exits: Listed[]) => boolean): Promise<Listed[]> {
  for (;;) {
    const exits = (await send(`${url}/exits`)).body["exits"] as Listed[];
    if (isWanted(exits)) return exits;
    await delay(betweenPollsMs);
  }
}

/** One node's key shares, opened from its keystores as a sidecar that speaks HTTP has them. */
export async function openNode(
  {clusterLock, keystoresTemplate}: {clusterLock: string; keystoresTemplate: string},
  nodeIndex: number,
): Promise<KeyShares> {
  const source = createKeystores({directory: keystoresOf(keystoresTemplate, nodeIndex), shareIndex: nodeIndex + 1});
  return (await source.open(await loadDefinition(clusterLock, "hoodi"))).keyShares;
}

/** Signs these exits and posts the shares. */
export async function postShares(url: string, {shareIndex, sign}: KeyShares, exits: readonly Listed[]): Promise<Answer> {
  const shares = await Promise.all(
    exits.map(async ({public_key, validator_index}) => {
      const exit = {network: networks.hoodi, publicKey: public_key, validatorIndex: validator_index};
      return {public_key, exit_signature: toHex(await sign(exit))};
    }),
  );
  return post(`${url}/exit-signature`, {share_index: shareIndex, shares});
}
