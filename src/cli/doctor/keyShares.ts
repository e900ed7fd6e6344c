import type {Cluster} from "../../clusters/cluster.js";
import type {Glance} from "../../keys/keyShares.js";
import {toError} from "../../keys/keyShares.js";
import {keySourceOf} from "../sidecar/openKeyShares.js";
import type {KeyShareConfig} from "../sidecar/shareIndexes.js";
import {type Check, createPart, Fault, type Part, partCheck} from "./check.js";
import type {Context} from "./context.js";

/** Whether the key shares of a share index are there: one is opened, or the remote signer is asked. */
export function keySharesCheck(shareIndex: number, cluster: Part<Cluster>, {config, env}: Context<KeyShareConfig>): Check {
  const glanced = createPart<Glance>(`key shares of share index ${shareIndex}`, async (logger) => {
    const {validators} = await cluster.need();
    const source = await keySourceOf(shareIndex, config, env, {
      onExposed: (path) => logger.warn(`others can read the keystore passwords: run chmod 700 on the folder of ${path}`),
    });
    const glance = await source.glance(await cluster.need());
    const [first, ...others] = glance.problems;
    if (first && (source.isStrict || glance.publicKeys.size === 0)) throw toError([first, ...others]);
    const {size} = glance.publicKeys;
    if (size < validators.size)
      throw new Fault(`${size} of ${validators.size} validators have one`, "dvt keys check lists the others.");
    return glance;
  });
  return partCheck(glanced, ({publicKeys}) => {
    const opened = config.REMOTE_SIGNER_URL === undefined ? "one of them opened" : "the remote signer lists them";
    return publicKeys.size === 0
      ? "none needed yet: the cluster has no validators"
      : `${publicKeys.size} of ${publicKeys.size} validators have one, ${opened}; dvt keys check opens all`;
  });
}
