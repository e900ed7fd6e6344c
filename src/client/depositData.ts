import {type Static, Type} from "typebox";
import type {Deposit} from "../../schemas/deposit.js";
import {parsePublicKey} from "../bls/curve.js";
import {fullStakeGwei, readWithdrawalCredentials} from "../consensus/deposit.js";
import {type Network, networkNameOf} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

/** The format of ethstaker-deposit-cli, which StakeWise's, charon's and SSV's tools write too: hex without 0x. */
const DepositDataFile = Type.Array(
  Type.Object({
    pubkey: Type.String({pattern: "^(0x)?[0-9a-fA-F]{96}$"}),
    fork_version: Type.Optional(Type.String({pattern: "^(0x)?[0-9a-fA-F]{8}$"})),
    withdrawal_credentials: Type.Optional(Type.Unknown()),
    amount: Type.Optional(Type.Unknown()),
  }),
  {minItems: 1},
);
type Entry = Static<typeof DepositDataFile>[number];

const fail = (path: string, problem: string): never => {
  throw new DvtError("DEPOSIT_DATA_INVALID", `read the deposit data ${path}: ${problem}`);
};
const withPrefix = (hex: string): string => `0x${hex.replace(/^0x/, "").toLowerCase()}`;

/** The public keys of a deposit data file, in its order, in lower-case hex with 0x. DEPOSIT_DATA_INVALID names the problem. */
export const readDepositData = async (path: string, network: Network): Promise<string[]> =>
  (await readEntries(path, network)).map(({publicKey}) => publicKey);

/** The public keys with the deposit of each, to which vault and of what amount; the file's signatures are not read. */
export const readDeposits = async (path: string, network: Network): Promise<{publicKey: string; deposit: Deposit}[]> =>
  (await readEntries(path, network)).map(({publicKey, entry}, position) => ({
    publicKey,
    deposit: toDeposit(entry, (problem) => fail(path, `entry ${position + 1} ${problem}`)),
  }));

async function readEntries(path: string, network: Network): Promise<{publicKey: string; entry: Entry}[]> {
  const entries = await readJson(path, "the deposit data", DepositDataFile, "DEPOSIT_DATA_INVALID");
  const publicKeys = entries.map(({pubkey, fork_version}, position) => {
    const publicKey = withPrefix(pubkey);
    const networkName = fork_version === undefined ? network.name : networkNameOf(withPrefix(fork_version));
    if (networkName !== network.name) fail(path, `entry ${position + 1} is for ${networkName}, not for ${network.name}`);
    try {
      parsePublicKey(fromHex(publicKey));
    } catch {
      fail(path, `the pubkey of entry ${position + 1} is not a valid BLS public key`);
    }
    return publicKey;
  });
  const positions = new Map<string, number>();
  for (const [position, publicKey] of publicKeys.entries()) {
    const first = positions.get(publicKey);
    if (first !== undefined) fail(path, `entries ${first + 1} and ${position + 1} have the same pubkey`);
    positions.set(publicKey, position);
  }
  return entries.map((entry, position) => ({publicKey: publicKeys[position] as string, entry}));
}

function toDeposit({withdrawal_credentials, amount}: Entry, fail: (problem: string) => never): Deposit {
  const credentials = typeof withdrawal_credentials === "string" ? withPrefix(withdrawal_credentials) : "";
  // Credentials of type 0x00 hold a BLS key's hash and name no vault.
  const read = readWithdrawalCredentials(credentials);
  if (!read) {
    return fail("has withdrawal_credentials that are not 0x01 or 0x02, 11 zero bytes and a vault's address");
  }
  if (!Number.isSafeInteger(amount) || (amount as number) < fullStakeGwei) {
    return fail(`has an amount that is not an integer of ${fullStakeGwei} gwei or more`);
  }
  return {vault: read.address, amount: amount as number, validator_type: read.validatorType};
}
