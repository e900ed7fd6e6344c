import type {Cluster} from "../../clusters/cluster.js";
import {isWorthWaiting} from "../../errors.js";
import {followKeyShares, type KeyProblem, type KeyShareSource, type LiveKeyShares, toError} from "../../keys/keyShares.js";
import {createKeystores} from "../../keys/keystores.js";
import type {Opening} from "../../keys/openKeystores.js";
import {createRemoteSigner} from "../../keys/remoteSigner.js";
import {createSsvKeyShares} from "../../keys/ssvKeyShares.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {Starting} from "../roleProcess.js";
import {openSigner} from "./openSigner.js";
import {configOf, type KeyShareConfig} from "./shareIndexes.js";

type Telling = Pick<Opening, "onProgress" | "onExposed">;
type Running = Omit<Starting, "shutdown"> & {config: KeyShareConfig; env: NodeJS.ProcessEnv};

/** Where this share index has its key shares, as its environment says. */
export async function keySourceOf(
  shareIndex: number,
  settings: KeyShareConfig,
  env: NodeJS.ProcessEnv,
  telling: Telling,
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
        ...telling,
      });
    case "SSV":
      return createSsvKeyShares({
        operatorId: shareIndex,
        operatorKeyFile: pathOf(config.SSV_OPERATOR_KEY_FILE_TEMPLATE ?? config.SSV_OPERATOR_KEY_FILE) ?? "",
        passwordFile: pathOf(config.SSV_OPERATOR_PASSWORD_FILE_TEMPLATE ?? config.SSV_OPERATOR_PASSWORD_FILE),
        allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
        onProgress: telling.onProgress,
      });
  }
}

/**
 * Opens them, or ends the start where one of the operator's own files cannot be used, or where there are none at all: of several
 * problems, with one that a person has to see to.
 */
export async function openKeyShares(
  shareIndex: number,
  cluster: Cluster,
  {config, env, logger, waitFor}: Running,
): Promise<{keyShares: LiveKeyShares; problems: readonly KeyProblem[]}> {
  const what = config.REMOTE_SIGNER_URL === undefined ? "every key share" : "the remote signer";
  const telling: Telling = {
    onProgress: createProgress("keystores").show,
    onExposed: (path) => logger.warn({path}, "others can read the keystores' passwords: chmod 700 their folder"),
  };
  const source = await waitFor(what, () => keySourceOf(shareIndex, config, env, telling));
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

export function warnOf(problems: readonly KeyProblem[], logger: Logger): void {
  for (const {publicKey, error} of problems) {
    logger.warn({public_key: publicKey, code: error.code, error: error.message}, "key share cannot be used");
  }
}
