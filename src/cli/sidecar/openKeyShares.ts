import type {Cluster} from "../../clusters/cluster.js";
import {isWorthWaiting} from "../../errors.js";
import {followKeyShares, type KeyProblem, type KeyShareSource, type LiveKeyShares, toError} from "../../keys/keyShares.js";
import {createKeystores} from "../../keys/keystores.js";
import type {OpenOptions} from "../../keys/openKeystores.js";
import {createRemoteSigner} from "../../keys/remoteSigner.js";
import {createSsvKeyShares} from "../../keys/ssvKeyShares.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {StartContext} from "../roleProcess.js";
import {openSigner} from "./openSigner.js";
import {configOf, type KeyShareConfig} from "./shareIndexes.js";

type Listeners = Pick<OpenOptions, "onProgress" | "onExposed">;
type Context = Omit<StartContext, "shutdown"> & {config: KeyShareConfig; env: NodeJS.ProcessEnv};

/** The source of the key shares of this share index, from the environment. */
export async function keySourceOf(
  shareIndex: number,
  settings: KeyShareConfig,
  env: NodeJS.ProcessEnv,
  listeners: Listeners,
): Promise<KeyShareSource> {
  const config = configOf(settings, shareIndex);
  const pathOf = (file: string | undefined) => (file === undefined ? undefined : userPath(file, env));
  const {REMOTE_SIGNER_URL: signerUrl} = config;
  if (signerUrl !== undefined) return createRemoteSigner(await openSigner(signerUrl, config, env), shareIndex);
  switch (config.CLUSTER_TYPE) {
    case "OBOL":
      return createKeystores({
        directory: pathOf(config.OBOL_KEYSTORES_DIR_TEMPLATE ?? config.OBOL_KEYSTORES_DIR) ?? "",
        passwords: {file: pathOf(config.KEYSTORES_PASSWORD_FILE), directory: pathOf(config.KEYSTORES_PASSWORD_DIR)},
        shareIndex,
        ...listeners,
      });
    case "SSV":
      return createSsvKeyShares({
        operatorId: shareIndex,
        operatorKeyFile: pathOf(config.SSV_OPERATOR_KEY_FILE_TEMPLATE ?? config.SSV_OPERATOR_KEY_FILE) ?? "",
        passwordFile: pathOf(config.SSV_OPERATOR_PASSWORD_FILE_TEMPLATE ?? config.SSV_OPERATOR_PASSWORD_FILE),
        allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
        onProgress: listeners.onProgress,
      });
  }
}

/**
 * Opens the key shares; throws if one of the operator's own files cannot be used or there is none, first a problem that a person
 * has to fix.
 */
export async function openKeyShares(
  shareIndex: number,
  cluster: Cluster,
  {config, env, logger, waitFor}: Context,
): Promise<{keyShares: LiveKeyShares; problems: readonly KeyProblem[]}> {
  const what = config.REMOTE_SIGNER_URL === undefined ? "every key share" : "the remote signer";
  const listeners: Listeners = {
    onProgress: createProgress("keystores").show,
    onExposed: (path) => logger.warn({path}, "others can read the keystore passwords: run chmod 700 on their folder"),
  };
  const source = await waitFor(what, () => keySourceOf(shareIndex, config, env, listeners));
  const startedAt = performance.now();
  const {keyShares, problems} = await waitFor(what, async () => {
    const opened = await source.open(cluster);
    const [first, ...others] = [...opened.problems].sort(forPeopleFirst);
    if (first && (source.isStrict || opened.keyShares.publicKeys.size === 0)) throw toError([first, ...others]);
    return opened;
  });
  warnOf(problems, logger);
  logger.info(
    {
      cluster_id: cluster.id,
      share_index: shareIndex,
      key_shares: keyShares.publicKeys.size,
      validators: cluster.validators.size,
      took_ms: Math.round(performance.now() - startedAt),
    },
    "key shares opened",
  );
  return {keyShares: followKeyShares(source, keyShares), problems};
}

const forPeopleFirst = ({error: one}: KeyProblem, {error: other}: KeyProblem): number =>
  Number(isWorthWaiting(one)) - Number(isWorthWaiting(other));

/** Logs each key share that cannot be used. */
export function warnOf(problems: readonly KeyProblem[], logger: Logger): void {
  for (const {publicKey, error} of problems) {
    logger.warn({public_key: publicKey, code: error.code, error: error.message}, "key share cannot be used");
  }
}
