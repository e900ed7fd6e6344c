import type {Static} from "typebox";
import {connectBeacon} from "../../../beacon/connectBeacon.js";
import {createValidatorFinder} from "../../../beacon/findValidators.js";
import type {RotationParts} from "../../../rotation/rotationParts.js";
import type {RotateEnv} from "../../env/vaultEnv.js";
import {claimWallet} from "../claimVault.js";
import {connectOperator} from "../connectOperator.js";
import {createRequest} from "../createRequest.js";
import {openWallet, transactionLimits} from "../openAccounts.js";
import {findCandidates} from "../vault/findCandidates.js";
import {openVaultNodes, type VaultNodesOptions} from "../vault/openVaultNodes.js";

type Options = VaultNodesOptions &
  Pick<RotationParts, "tell" | "confirm"> & {
    readonly config: Readonly<Static<typeof RotateEnv>>;
    /** How long exits and oracles are waited for. */
    readonly timeoutMs: number;
    /** How long another process's claim of the wallet is waited for; undefined: nothing is sent, and the wallet not claimed. */
    readonly waitMs: number | undefined;
  };

/** Opens everything that a rotation works with. */
export async function openRotation(options: Options): Promise<RotationParts> {
  const {config, env, logger, shutdown, waitFor, timeoutMs, tell, confirm} = options;
  const opened = await openVaultNodes(options);
  const {network, files} = opened;
  const beacon = connectBeacon(config.CONSENSUS_ENDPOINT as string, {network, signal: shutdown.signal, logger});
  await waitFor("the beacon node", beacon.checkAll);
  const wallet = await openWallet({...opened, config, env});
  const bus = await connectOperator({...options, files});
  await claimWallet(bus, {...options, wallet: wallet.address});
  return {
    ...opened,
    keeper: opened.keeper.address,
    beacon: createValidatorFinder(beacon),
    candidates: () => findCandidates(files.clusters.all, {operatorId: config.OPERATOR_ID}),
    request: createRequest(bus, {...options, ...opened}),
    wallet,
    limits: transactionLimits(network, config),
    patienceMs: timeoutMs,
    askAgainMs: 60_000,
    tell,
    confirm,
  };
}
