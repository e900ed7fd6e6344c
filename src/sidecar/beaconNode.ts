import {type Static, type TSchema, Type} from "typebox";
import {Value} from "typebox/value";
import type {Network} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {toHex} from "../runtime/hex.js";

export type ChainValidator = {publicKey: string; index: string; status: string};

/** What this sidecar's own beacon node knows. CONSENSUS_UNAVAILABLE whenever it does not clearly say. */
export type BeaconNode = {
  /** By public key or by index, at the head. Undefined: the chain has no such validator. */
  findValidator(id: string): Promise<ChainValidator | undefined>;
};

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/validator.yaml
const ValidatorAnswer = Type.Object({
  data: Type.Object({
    index: Type.String({pattern: "^[0-9]{1,20}$"}),
    status: Type.String({pattern: "^[a-z_]{1,32}$"}),
    validator: Type.Object({pubkey: Type.String({pattern: "^0x[0-9a-fA-F]{96}$"})}),
  }),
});
const GenesisAnswer = Type.Object({data: Type.Object({genesis_validators_root: Type.String()})});
/** What stands behind a wrong path answers 404 too; a beacon node says it in these words. */
const NotFound = Type.Object({message: Type.String()});

const maxAnswerBytes = 65_536;

export function createBeaconNode(endpoint: string, network: Network, {timeoutMs = 5000} = {}): BeaconNode {
  const {base, query, headers} = readEndpoint(endpoint);

  const get = async (path: string): Promise<{status: number; body: unknown}> => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(`${base}/eth/v1/beacon/${path}${query}`, {headers, redirect: "error", signal});
      return {status: response.status, body: JSON.parse(await readBody(response))};
    } catch (cause) {
      throw unavailable(reasonOf(cause), cause);
    }
  };

  const expectBody = <S extends TSchema>(schema: S, {status, body}: {status: number; body: unknown}): Static<S> => {
    if (status !== 200) throw unavailable(`it answers ${status}`);
    if (!Value.Check(schema, body)) throw unavailable("its answer is not the beacon API's");
    return body as Static<S>;
  };

  let known = false;
  /** A node of another network knows none of our validators, which would pass for "not on the chain yet". */
  const checkNetwork = async (): Promise<void> => {
    const {data} = expectBody(GenesisAnswer, await get("genesis"));
    known = data.genesis_validators_root.toLowerCase() === toHex(network.genesisValidatorsRoot);
    if (!known) throw unavailable(`it is not of ${network.name}`);
  };

  return {
    async findValidator(id) {
      if (!known) await checkNetwork();
      const answer = await get(`states/head/validators/${id}`);
      if (answer.status === 404 && Value.Check(NotFound, answer.body)) return undefined;
      const {data} = expectBody(ValidatorAnswer, answer);
      const found = {publicKey: data.validator.pubkey.toLowerCase(), index: data.index, status: data.status};
      if (id !== found.publicKey && id !== found.index) throw unavailable("it answers for another validator");
      return found;
    },
  };
}

/** fetch takes no credentials in a URL: they go into a header. Never told: it may hold a token. */
function readEndpoint(endpoint: string): {base: string; query: string; headers: Record<string, string>} {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new DvtError("CONFIG_INVALID", "CONSENSUS_ENDPOINT is not an http or https URL");
  const login = [url.username, url.password].map(decodeURIComponent).join(":");
  return {
    base: url.origin + url.pathname.replace(/\/+$/, ""),
    query: url.search,
    headers: {
      accept: "application/json",
      ...(login !== ":" && {authorization: `Basic ${Buffer.from(login).toString("base64")}`}),
    },
  };
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new Error("its answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const unavailable = (reason: string, cause?: unknown): DvtError =>
  new DvtError("CONSENSUS_UNAVAILABLE", `ask CONSENSUS_ENDPOINT: ${reason}`, {cause});

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "its answer is not JSON";
  if (error instanceof Error && error.name === "TimeoutError") return "it does not answer in time";
  const {code} = ((error as Error).cause ?? {}) as {code?: unknown};
  return typeof code === "string" ? `it cannot be reached (${code})` : "it cannot be read";
}
