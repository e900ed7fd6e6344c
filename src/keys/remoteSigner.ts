import {type PublicKey, parseSignature, verifySignature} from "../bls/curve.js";
import {depositSigningRoot} from "../consensus/deposit.js";
import type {Network} from "../consensus/networks.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {DvtError} from "../errors.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {glanceOf, type KeyShareSource, type KeyShares} from "./keyShares.js";
import type {Signer} from "./signerClient.js";

/**
 * The key shares of one share index that a remote signer lists; opening again finds new ones. SIGNER_UNAVAILABLE if it does not
 * respond; a problem SIGNER_KEYS_MISSING if it lists none of them. Its signatures are verified with the public key share:
 * SIGNER_SIGNATURE_INVALID.
 */
export function createRemoteSigner(signer: Signer, shareIndex: number): KeyShareSource {
  const open: KeyShareSource["open"] = async (cluster) => {
    await signer.check();
    const listed = await signer.publicKeys();
    const held = new Map<string, PublicKey>();
    for (const {publicKeyHex, publicKeyShares} of cluster.validators.values()) {
      const share = publicKeyShares.get(shareIndex);
      if (share && listed.has(toHex(share.toBytes()))) held.set(publicKeyHex, share);
    }
    const isMissing = held.size === 0 && cluster.validators.size > 0;
    return {
      keyShares: toKeyShares(signer, shareIndex, held),
      problems: isMissing ? [{error: missing(listed, shareIndex)}] : [],
    };
  };
  return {isStrict: false, open, glance: async (cluster) => glanceOf(await open(cluster))};
}

const missing = ({size}: ReadonlySet<string>, shareIndex: number): DvtError =>
  new DvtError(
    "SIGNER_KEYS_MISSING",
    `ask REMOTE_SIGNER_URL: none of its ${size} keys is a key share of this cluster at share index ${shareIndex}`,
  );

function toKeyShares(signer: Signer, shareIndex: number, held: ReadonlyMap<string, PublicKey>): KeyShares {
  const sign = async (publicKey: string, signingRoot: Uint8Array, request: object): Promise<Uint8Array> => {
    const share = held.get(publicKey);
    if (!share) throw new Error(`sign: no key share of ${publicKey}`);
    const signature = await signer.sign(toHex(share.toBytes()), {...request, signingRoot: toHex(signingRoot)});
    if (isGood(share, signingRoot, signature)) return signature;
    throw new DvtError(
      "SIGNER_SIGNATURE_INVALID",
      `sign with ${toHex(share.toBytes())}: the signature of the remote signer is not valid for this key`,
    );
  };
  return {
    shareIndex,
    publicKeys: new Set(held.keys()),
    sign: ({network, publicKey, validatorIndex}) =>
      sign(publicKey, voluntaryExitSigningRoot(network, validatorIndex), exitRequest(network, validatorIndex)),
    signDeposit: ({network, publicKey, withdrawalCredentials, amount}) => {
      const message = {pubkey: fromHex(publicKey), withdrawalCredentials, amount};
      return sign(publicKey, depositSigningRoot(network, message), depositRequest(network, message));
    },
  };
}

function isGood(share: PublicKey, signingRoot: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(share, signingRoot, parseSignature(signature));
  } catch {
    return false;
  }
}

/** The fork is always Capella (EIP-7044), so that every signer computes the same signing root. */
function exitRequest({capellaForkVersion, capellaForkEpoch, genesisValidatorsRoot}: Network, validatorIndex: number): object {
  const version = toHex(capellaForkVersion);
  const epoch = String(capellaForkEpoch);
  return {
    type: "VOLUNTARY_EXIT",
    fork_info: {
      fork: {previous_version: version, current_version: version, epoch},
      genesis_validators_root: toHex(genesisValidatorsRoot),
    },
    voluntary_exit: {epoch, validator_index: String(validatorIndex)},
  };
}

type DepositMessage = {pubkey: Uint8Array; withdrawalCredentials: Uint8Array; amount: bigint};

const depositRequest = ({genesisForkVersion}: Network, {pubkey, withdrawalCredentials, amount}: DepositMessage): object => ({
  type: "DEPOSIT",
  deposit: {
    pubkey: toHex(pubkey),
    withdrawal_credentials: toHex(withdrawalCredentials),
    amount: String(amount),
    genesis_fork_version: toHex(genesisForkVersion),
  },
});
