import {randomBytes} from "node:crypto";
import {encodeAbiParameters, type Hex} from "viem";
import {randomScalar} from "../../../src/bls/scalar.js";
import {ownerDigest} from "../../../src/clusters/ssv/ssvShares.js";
import {toHex} from "../../../src/runtime/hex.js";
import type {Anvil} from "../../../src/sandbox/chain/anvil.js";
import {sendInOneBlock, sendTransaction} from "../../../src/sandbox/chain/sendTransaction.js";
import {type Dealt, deal} from "../examples/keys.js";

/** As SSV's own Go bindings have them, so that a slip in our ABI is found. */
const topics = {
  added: "48a3ea0796746043948f6341d17ff8200937b99262a0b48c2663b951ed7114e5",
  removed: "ccf4370403e5fbbde0cd3f13426479dcd8a5916b05db424b7a2c04978cf8ce6e",
};

/**
 * Logs what it is called with: two topics of 32 bytes each, then the data.
 *
 *     PUSH1 20 CALLDATALOAD               second topic
 *     PUSH0 CALLDATALOAD                  first topic
 *     PUSH1 40 CALLDATASIZE SUB           length of the data
 *     DUP1 PUSH1 40 PUSH0 CALLDATACOPY    the data, to memory at 0
 *     PUSH0 LOG2 STOP
 */
const logsItsCalldata = "0x6020355f35604036038060405f375fa200";

export type SsvValidator = {
  readonly owner: string;
  readonly operatorIds: readonly number[];
  readonly publicKey: string;
  readonly sharesData: Uint8Array;
};

export type TestSsvContract = {
  readonly address: string;
  add(validator: SsvValidator): Promise<unknown>;
  /** Adds them in this order, all in one block. */
  addInOneBlock(validators: readonly SsvValidator[]): Promise<void>;
  remove(validator: Omit<SsvValidator, "sharesData">): Promise<unknown>;
};

const cluster = {
  type: "tuple",
  components: ["uint32", "uint64", "uint64", "bool", "uint256"].map((type, position) => ({type, name: `field${position}`})),
} as const;
const clusterValue = {field0: 1, field1: 2n, field2: 3n, field3: true, field4: 4n};

/** A contract of the test's own that emits the SSV network contract's events, of whatever owner. */
export async function deploySsvContract(anvil: Anvil): Promise<TestSsvContract> {
  const address = toHex(randomBytes(20));
  await anvil.rpc("anvil_setCode", address, logsItsCalldata);
  const callFor = (topic: string, owner: string, data: Hex) => ({
    to: address,
    data: `0x${topic}${owner.slice(2).padStart(64, "0")}${data.slice(2)}`,
  });
  const added = ({owner, operatorIds, publicKey, sharesData}: SsvValidator) => {
    const types = [{type: "uint64[]"}, {type: "bytes"}, {type: "bytes"}, cluster] as const;
    const values = [operatorIds.map(BigInt), publicKey as Hex, toHex(sharesData) as Hex, clusterValue] as const;
    return callFor(topics.added, owner, encodeAbiParameters(types, values as never));
  };
  return {
    address,
    add: (validator) => sendTransaction(anvil, added(validator)),
    addInOneBlock: (validators) => sendInOneBlock(anvil, validators.map(added)),
    remove({owner, operatorIds, publicKey}) {
      const types = [{type: "uint64[]"}, {type: "bytes"}, cluster] as const;
      const values = [operatorIds.map(BigInt), publicKey as Hex, clusterValue] as const;
      return sendTransaction(anvil, callFor(topics.removed, owner, encodeAbiParameters(types, values as never)));
    },
  };
}

export const anOwner = (): string => toHex(randomBytes(20));

export const operators = [5, 123, 900, 1042];

type Deal = {owner: string; nonce: number; operatorIds?: readonly number[]; threshold?: number; key?: Dealt};

export const dealSsv = (operatorIds: readonly number[] = operators, threshold = 3): Dealt =>
  deal(Array.from({length: threshold}, randomScalar), operatorIds);

/** A validator of `key`, or of a new one, as its owner registers it after `nonce` others. Nobody can open its key shares. */
export function aRegistration({owner, nonce, operatorIds = operators, threshold = 3, key}: Deal): SsvValidator {
  const {publicKey, publicKeyShares, secretKey} = key ?? dealSsv(operatorIds, threshold);
  const sharesData = Buffer.concat([
    secretKey.sign(ownerDigest({address: owner, nonce})).toBytes(),
    ...[...publicKeyShares.values()].map((share) => share.toBytes()),
    ...operatorIds.map(() => randomBytes(256)),
  ]);
  return {owner, operatorIds, publicKey: toHex(publicKey.toBytes()), sharesData: new Uint8Array(sharesData)};
}
