import {join} from "node:path";
import {onTestFinished} from "vitest";
import {toClusters} from "../../src/clusters/clusters.js";
import {networks} from "../../src/consensus/networks.js";
import type {Credentials} from "../../src/gateway/access/credentials.js";
import {fromHex} from "../../src/runtime/hex.js";
import type {Anvil} from "../../src/sandbox/chain/anvil.js";
import {openValidatorsManager} from "../../src/vaults/openValidatorsManager.js";
import type {ValidatorsManager} from "../../src/vaults/validatorsManager.js";
import type {VaultOperation} from "../../src/vaults/vaultRules.js";
import {deployWordContract, selectors} from "../support/chain/wordContract.js";
import {vector} from "../support/files.js";
import {silent, temporaryFolder} from "../support/servers.js";
import {aDeposit, ask, createStage, type Dealt, type Stage} from "../support/stage.js";
import {startTestSidecar} from "../support/startTestSidecar.js";
import {signaturesFor, startCentre, startTestGateway} from "../support/testGateway.js";

const managerVector = vector<{private_key: string; address: string}>("validators-manager.json");
const otherVault = `0x${"0e".repeat(20)}`;
const startIndex = 1000;
const fullStake = 32_000_000_000;
const operations: readonly VaultOperation[] = ["register", "fund", "withdraw", "consolidate"];

/** By route, bodies that are served: what is made up is of nobody's validator. */
export type Served = Readonly<Record<string, readonly object[]>>;

/**
 * A gateway that has all that its routes can be asked for: two validators that a vault registers, which sidecars on the bus sign for;
 * two whose exits and deposits wait for sidecars of version 2; and two whose exits are for those of the relayer API.
 */
export async function serve(anvil: Anvil, credentials: Credentials | undefined): Promise<{url: string; bodies: Served}> {
  const stage = await createStage({validators: 6});
  await startCentre(stage);
  const of = (dealt: readonly Dealt[]): Stage => ({...stage, dealt: [...dealt]});
  const [registered, waiting, plain] = [0, 2, 4].map((from) => of(stage.dealt.slice(from, from + 2))) as [Stage, Stage, Stage];
  const vault = await deployWordContract(anvil, selectors.managerNonce);
  await vault.names(managerVector.address);
  const clusters = toClusters([stage.cluster]);
  const folder = await temporaryFolder();
  const depositRules = {allowedVaults: new Set([vault.address])};
  for (const shareIndex of [1, 2, 3])
    await startTestSidecar(registered, join(folder, `${shareIndex}`), {shareIndex, depositRules});
  await ask(waiting, {count: 2, validatorIndex: startIndex + 10, deposit: aDeposit({vault: otherVault})});
  await ask(plain, {count: 2, validatorIndex: startIndex});
  const {url} = await startTestGateway(
    {...stage, relayer: {...stage.relayer, clusters}},
    {
      manager: await openManager(anvil, vault.address),
      nextValidatorIndex: startIndex,
      requestsPerMinute: 1_000_000,
      allowedVaults: [otherVault],
      ...(credentials && {credentials}),
    },
  );
  return {url, bodies: servedBodies({registered, waiting, plain}, vault.address)};
}

async function openManager(anvil: Anvil, vault: string): Promise<ValidatorsManager> {
  const depositContract = await deployWordContract(anvil, selectors.depositRoot);
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return openValidatorsManager({
    privateKey: fromHex(managerVector.private_key),
    rules: new Map([
      [
        vault,
        {
          vault,
          clusters: new Set(["c1"]),
          allowFullExits: true,
          operations: new Map(operations.map((operation) => [operation, {maxAmount: 64 * fullStake}])),
        },
      ],
    ]),
    // Whatever is asked for is the vault's.
    chain: {
      findValidators: async (keys) =>
        keys.map((publicKey) => ({publicKey, withdrawalCredentials: `0x01${"0".repeat(22)}${vault.slice(2)}`})),
    },
    endpoints: anvil.url,
    network: networks.hoodi,
    depositContract: depositContract.address,
    logger: silent,
    signal: controller.signal,
  });
}

type Stages = {readonly registered: Stage; readonly waiting: Stage; readonly plain: Stage};

function servedBodies({registered, waiting, plain}: Stages, vault: string): Served {
  const keysOf = ({dealt}: Stage): string[] => dealt.map(({publicKeyHex}) => publicKeyHex);
  const public_keys = keysOf(registered);
  const amounts = public_keys.map(() => fullStake);
  const sharesOf = (stage: Stage, first: number, share_index: number) =>
    stage.dealt.map(({publicKeyHex: public_key}, position) =>
      signaturesFor(
        stage,
        {...aDeposit({vault: otherVault}), ...unlisted, public_key, validator_index: first + position},
        share_index,
      ),
    );
  // A third of each would complete them, and leave nothing to be asked for.
  const indexes = [1, 2];
  return {
    "/validators": [{public_keys: keysOf(plain)}],
    "/exit-signature": indexes.map((share_index) => ({
      share_index,
      shares: sharesOf(plain, startIndex, share_index).map(({public_key, exit_signature}) => ({public_key, exit_signature})),
    })),
    "/signatures": indexes.map((share_index) => ({share_index, shares: sharesOf(waiting, startIndex + 10, share_index)})),
    "/register": [{vault, validators_start_index: startIndex, amounts, validator_type: "0x01"}],
    "/fund": [{vault, public_keys, amounts}],
    "/withdraw": [{vault, public_keys, amounts}],
    "/consolidate": [{vault, source_public_keys: public_keys, target_public_keys: public_keys}],
  };
}

const unlisted = {share_indexes_ready: [], is_signatures_ready: false};
