import {Type} from "typebox";
import {parsePublicKey} from "../bls/curve.js";
import {type Network, networkNameOf} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

/** ethstaker-deposit-cli's format, which StakeWise's, charon's and SSV's tools write too; hex is without 0x there. */
const DepositDataFile = Type.Array(
  Type.Object({
    pubkey: Type.String({pattern: "^(0x)?[0-9a-fA-F]{96}$"}),
    fork_version: Type.Optional(Type.String({pattern: "^(0x)?[0-9a-fA-F]{8}$"})),
  }),
  {minItems: 1},
);

/** The public keys of a deposit data file, in its order, in lower-case hex with 0x. DEPOSIT_DATA_INVALID says what is wrong. */
export async function readDepositData(path: string, network: Network): Promise<string[]> {
  const entries = await readJson(path, "the deposit data", DepositDataFile, "DEPOSIT_DATA_INVALID");
  const refuse = (problem: string): never => {
    throw new DvtError("DEPOSIT_DATA_INVALID", `read the deposit data ${path}: ${problem}`);
  };
  const withPrefix = (hex: string): string => `0x${hex.replace(/^0x/, "").toLowerCase()}`;
  const publicKeys = entries.map(({pubkey, fork_version}, position) => {
    const publicKey = withPrefix(pubkey);
    const its = fork_version === undefined ? network.name : networkNameOf(withPrefix(fork_version));
    if (its !== network.name) refuse(`entry ${position + 1} is of ${its}, not of ${network.name}`);
    try {
      parsePublicKey(fromHex(publicKey));
    } catch {
      refuse(`the pubkey of entry ${position + 1} is not a valid BLS public key`);
    }
    return publicKey;
  });
  const positions = new Map<string, number>();
  for (const [position, publicKey] of publicKeys.entries()) {
    const first = positions.get(publicKey);
    if (first !== undefined) refuse(`entries ${first + 1} and ${position + 1} have the same pubkey`);
    positions.set(publicKey, position);
  }
  return publicKeys;
}
