import {
  type Address,
  BaseError,
  type Hex,
  keccak256,
  RpcRequestError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";
import {
  estimateGas,
  getBalance,
  getFeeHistory,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  sendRawTransaction,
} from "viem/actions";
import {DvtError} from "../errors.js";
import {printable} from "../runtime/printable.js";
import {toAccount} from "./account.js";
import type {Execution} from "./connectExecution.js";
import type {BlockRef} from "./heads.js";
import {readLatest} from "./heads.js";
import {type Reverted, revertOf} from "./reverts.js";

/** What a transaction does: a contract's address, the bytes of the call, and wei. */
export type Call = {readonly to: string; readonly data: string; readonly value?: bigint};

/** In wei per gas: https://eips.ethereum.org/EIPS/eip-1559 */
export type Fees = {readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint};

/** A signed transaction: its hash is known before anybody has it. */
export type SignedTransaction = Fees & {readonly nonce: number; readonly hash: string; readonly raw: string};

/** A transaction in the chain: who sent it, and to which contract, if to any (20 bytes in lower-case hex with 0x). */
export type MinedTransaction = {readonly hash: string; readonly from: string; readonly to: string | undefined};

/** A wallet's nonce (20 bytes in hex with 0x), and transactions by their hashes. */
export type NonceUse = {
  readonly wallet: string;
  readonly nonce: number;
  readonly hashes: readonly string[];
  /** Whether a transaction with one of the hashes is what it is taken for: others may have named them. */
  readonly counts: (mined: MinedTransaction) => boolean | Promise<boolean>;
};

/** What became of a nonce. */
export type Inclusion =
  | {readonly is: "pending"}
  /** The nonce belongs to a transaction that is none of the named ones. */
  | {readonly is: "taken"}
  | {
      readonly is: "included";
      readonly hash: string;
      readonly block: BlockRef;
      /** Whether it did what it was to do. */
      readonly succeeded: boolean;
      readonly gasUsed: bigint;
      /** 1 in the latest block. */
      readonly depth: number;
    };

/** The account that pays for transactions. EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH. */
export type Wallet = {
  /** In the mixed case of EIP-55. */
  readonly address: string;
  /** Wei, the nonce of its next transaction, and that after all that wait to be in a block. */
  read(): Promise<{readonly balance: bigint; readonly nonce: number; readonly pendingNonce: number}>;
  /** The fees of a transaction that is to be in the next block, and the base fee of the latest. */
  readFees(): Promise<Fees & {readonly baseFeePerGas: bigint}>;
  /** Simulates the call on the latest block, and says how much gas it needs, or why a contract refuses it. */
  estimate(call: Call): Promise<{readonly gas: bigint} | Reverted>;
  sign(call: Call, tx: Fees & {readonly nonce: number; readonly gas: bigint}): Promise<SignedTransaction>;
  /** Sends it; "sent" also if the node has it already. WALLET_EMPTY, TRANSACTION_REFUSED. */
  send(tx: SignedTransaction): Promise<"sent" | "nonce taken" | "underpriced">;
  /** Which of the transactions that count is in the chain: one that succeeded, if any did. Of whichever wallet. */
  find(sent: NonceUse): Promise<Inclusion>;
  /** What a transaction in the chain calls. */
  readCall(hash: string): Promise<Call>;
};

/** Fees of the last blocks: at this percentile of each, averaged. */
const [feeBlocks, feePercentile] = [10, 80];

/** Creates the wallet of a secp256k1 key of 32 bytes; KEY_FILE_INVALID if it is not one. */
export function createWallet({run}: Execution, privateKey: Uint8Array, chainId: number): Wallet {
  const account = toAccount(privateKey);
  const {address} = account;

  const findReceipts = ({wallet, hashes}: NonceUse) =>
    run(async (node) => {
      // The nonce before the receipts: of a transaction that is included between the two, there is a receipt.
      const latest = await readLatest(node);
      const next = await node.ask((client) =>
        getTransactionCount(client, {address: wallet as Address, blockNumber: BigInt(latest.number)}),
      );
      const receipts: TransactionReceipt[] = [];
      for (const hash of hashes) {
        const receipt = await node.ask((client) => getTransactionReceipt(client, {hash: hash as Hex}).catch(orNone));
        if (receipt) receipts.push(receipt);
      }
      return {latest, next, receipts};
    });

  const find = async (use: NonceUse): Promise<Inclusion> => {
    const {latest, next, receipts} = await findReceipts(use);
    let failed: Inclusion | undefined;
    for (const {transactionHash: hash, from, to, blockNumber, blockHash, status, gasUsed} of receipts) {
      if (!(await use.counts({hash, from: from.toLowerCase(), to: to?.toLowerCase()}))) continue;
      const block = {number: Number(blockNumber), hash: blockHash};
      const depth = Math.max(latest.number - block.number, 0) + 1;
      const included = {is: "included", hash, block, succeeded: status === "success", gasUsed, depth} as const;
      if (included.succeeded) return included;
      failed ??= included;
    }
    return next > use.nonce ? (failed ?? {is: "taken"}) : {is: "pending"};
  };

  return {
    address,
    read: () =>
      run(async (node) => {
        const {number} = await readLatest(node);
        const at = {address, blockNumber: BigInt(number)};
        const [balance, nonce, pendingNonce] = await Promise.all([
          node.ask((client) => getBalance(client, at)),
          node.ask((client) => getTransactionCount(client, at)),
          node.ask((client) => getTransactionCount(client, {address, blockTag: "pending"})),
        ]);
        return {balance, nonce, pendingNonce};
      }),
    readFees: () =>
      run(async (node) => {
        const history = await node.ask((client) =>
          getFeeHistory(client, {blockCount: feeBlocks, rewardPercentiles: [feePercentile], blockTag: "latest"}),
        );
        const rewards = (history.reward ?? []).map(([reward = 0n]) => reward);
        const sum = rewards.reduce((total, reward) => total + reward, 0n);
        const maxPriorityFeePerGas = rewards.length === 0 ? 0n : sum / BigInt(rewards.length);
        const baseFeePerGas = history.baseFeePerGas.at(-1) ?? 0n;
        return {baseFeePerGas, maxPriorityFeePerGas, maxFeePerGas: 2n * baseFeePerGas + maxPriorityFeePerGas};
      }),
    estimate: (call) =>
      run((node) =>
        node.ask((client) =>
          estimateGas(client, {account: address, ...toRequest(call), blockTag: "latest"})
            .then((gas) => ({gas}))
            .catch(orRevert),
        ),
      ),
    async sign(call, {nonce, gas, maxFeePerGas, maxPriorityFeePerGas}) {
      const fees = {maxFeePerGas, maxPriorityFeePerGas};
      const raw = await account.signTransaction({type: "eip1559", chainId, nonce, gas, ...fees, ...toRequest(call)});
      return {nonce, ...fees, raw, hash: keccak256(raw)};
    },
    send: ({raw}) =>
      run(async (node) => {
        const refusal = await node.ask((client) =>
          sendRawTransaction(client, {serializedTransaction: raw as Hex}).then(() => undefined, orRefusal),
        );
        return refusal === undefined ? "sent" : toSent(refusal.reason, address);
      }),
    find,
    readCall: (hash) =>
      run(async (node) => {
        const {to, input, value} = await node.ask((client) => getTransaction(client, {hash: hash as Hex}));
        return {to: (to ?? "0x").toLowerCase(), data: input, value};
      }),
  };
}

const toRequest = ({to, data, value = 0n}: Call) => ({to: to as Address, data: data as Hex, value});

function orNone(error: unknown): undefined {
  if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
}

function orRevert(error: unknown): Reverted {
  const reverted = revertOf(error);
  if (reverted) return reverted;
  throw error;
}

/** What a node says of a transaction that it does not take. */
function orRefusal(error: unknown): {reason: string} {
  const root = error instanceof BaseError ? error.walk((it) => it instanceof RpcRequestError) : undefined;
  if (root instanceof RpcRequestError && root.status === undefined) return {reason: root.details};
  throw error;
}

/** Nodes say it in words of their own, about the same ones. */
function toSent(reason: string, address: string): "sent" | "nonce taken" | "underpriced" {
  if (/already (known|imported)|known transaction|alreadyknown/i.test(reason)) return "sent";
  if (/nonce (is )?too low|old ?nonce/i.test(reason)) return "nonce taken";
  if (/underpriced|fee too low|feetoolow|less than block base fee/i.test(reason)) return "underpriced";
  if (/insufficient funds|insufficientfunds|not enough/i.test(reason)) {
    throw new DvtError("WALLET_EMPTY", `send a transaction: the wallet ${address} cannot pay for it; send it some more`);
  }
  throw new DvtError("TRANSACTION_REFUSED", `send a transaction: the execution node refuses it: ${inWords(reason)}`);
}

/** Without the transaction, a URL or a key, which a node may quote. */
const inWords = (reason: string): string => printable(reason.replace(/\S{24,}/g, "…")).slice(0, 200);
