import {createHash} from "node:crypto";
import {once} from "node:events";
import {createServer, type IncomingMessage} from "node:http";
import type {AddressInfo} from "node:net";
import {setTimeout as delay} from "node:timers/promises";
import type {Hex} from "viem";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {accountOf, oracleMessages} from "../../../src/sandbox/chain/oracleMessages.js";
import type {ApprovalRequest} from "../../../src/sandbox/chain/oracleRules.js";
import {encodeRegistrations} from "../../../src/vaults/vaultValidators.js";
import type {OraclesConfig, OraclesListen} from "./oracleMessages.js";

/**
 * All oracles in a process of their own, so that nothing of theirs counts as ours. They check nothing: real ones check on machines of
 * their own, and what that takes is in the time that these wait.
 */
const {keys, chainId, keeper, waitMs} = JSON.parse(process.argv[2] ?? "") as OraclesConfig;

/** They are asked the same, so it is read and encoded once. */
let known: {readonly text: string; readonly data: ReturnType<typeof toData>} | undefined;

function toData(text: string) {
  const request = JSON.parse(text) as ApprovalRequest;
  const {vault_address: vault, deadline, amounts} = request;
  const registrations = request.public_keys.map((publicKey, position) => ({
    publicKey,
    amount: amounts?.[position] ?? 32_000_000_000,
    depositSignature: request.deposit_signatures[position] as string,
  }));
  const ipfsHash = createHash("sha256").update(text).digest("hex");
  const approval = oracleMessages.approval(
    {chainId, address: keeper},
    {
      validatorsRegistryRoot: request.validators_root,
      vault,
      validators: toHex(encodeRegistrations(vault, amounts ? "0x02" : "0x01", registrations)) as Hex,
      exitSignaturesIpfsHash: ipfsHash,
      deadline: BigInt(deadline),
    },
  );
  return {approval, ipfsHash, deadline};
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function listen(key: Hex): Promise<string> {
  const account = accountOf(fromHex(key));
  const server = createServer(async (request, response) => {
    const waiting = delay(waitMs);
    const text = await readText(request);
    if (known?.text !== text) known = {text, data: toData(text)};
    const {approval, ipfsHash, deadline} = known.data;
    const signature = await account.signTypedData(approval);
    await waiting;
    response.writeHead(200, {"content-type": "application/json"}).end(JSON.stringify({ipfs_hash: ipfsHash, signature, deadline}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const urls = await Promise.all(keys.map(listen));
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
process.send?.({urls} satisfies OraclesListen);
