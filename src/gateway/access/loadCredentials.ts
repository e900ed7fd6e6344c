import {type Static, Type} from "typebox";
import {Id, patterns, ShareIndex} from "../../../schemas/fields.js";
import {DvtError} from "../../errors.js";
import type {Participants} from "../../participants/participants.js";
import {readJson} from "../../runtime/files.js";
import {fromHex} from "../../runtime/hex.js";
import type {Token} from "../../web/tokens.js";
import type {Caller} from "./caller.js";
import type {JwtSecret} from "./credentials.js";

const sha256 = Type.String({pattern: "^[0-9a-fA-F]{64}$"});
const strict = {additionalProperties: false};
const TokensFile = Type.Array(
  Type.Union([
    Type.Object({sha256, operator_id: Id}, strict),
    Type.Object({sha256, cluster_id: Id, share_index: ShareIndex}, strict),
  ]),
  {minItems: 1},
);
type Entry = Static<typeof TokensFile>[number];

/** TOKENS_INVALID when a token is for somebody whom participants.json does not list, or appears twice. */
export async function loadTokens(path: string, participants: Participants): Promise<Token<Caller>[]> {
  const entries = await readJson(path, "the tokens file", TokensFile, "TOKENS_INVALID");
  const hashes = entries.map((entry) => entry.sha256.toLowerCase());
  const problems = entries.flatMap((entry, position) => [
    ...(isListed(entry, participants) ? [] : [`entry ${position + 1}: participants.json does not list this participant`]),
    ...(hashes.indexOf(hashes[position] ?? "") === position ? [] : [`entry ${position + 1}: an earlier one has the same token`]),
  ]);
  if (problems.length > 0) throw new DvtError("TOKENS_INVALID", `read the tokens file ${path}:\n  ${problems.join("\n  ")}`);
  return entries.map((entry) => ({sha256: fromHex(entry.sha256), caller: toCaller(entry)}));
}

const isListed = (entry: Entry, {operators, clusters}: Participants): boolean =>
  "operator_id" in entry
    ? operators.some(({id}) => id === entry.operator_id)
    : clusters.some(({id, sidecars}) => id === entry.cluster_id && sidecars.some((it) => it.shareIndex === entry.share_index));

const toCaller = (entry: Entry): Caller =>
  "operator_id" in entry
    ? {as: "operator", operatorId: entry.operator_id}
    : {as: "sidecar", clusterId: entry.cluster_id, shareIndex: entry.share_index};

const secretPattern = new RegExp(`^(?:(${patterns.id.slice(1, -1)})=)?(?:0x)?((?:[0-9a-fA-F]{2}){32,})$`);

/**
 * RELAYER_JWT_SECRET: hex of at least 32 bytes for the only operator, or operator_id=hex for each, separated by commas.
 * CONFIG_INVALID otherwise; the error does not quote it.
 */
export function parseJwtSecrets(text: string, operatorIds: readonly string[]): JwtSecret[] {
  return text.split(",").map((part, position) => {
    const [matched, named, hex = ""] = secretPattern.exec(part.trim()) ?? [];
    const operatorId = named ?? (operatorIds.length === 1 ? operatorIds[0] : undefined);
    if (matched === undefined || operatorId === undefined || !operatorIds.includes(operatorId)) {
      throw new DvtError(
        "CONFIG_INVALID",
        `read RELAYER_JWT_SECRET: entry ${position + 1} is not operator_id=<hex of 32 bytes or more> of an operator whose seed is in GATEWAY_SEEDS_DIR`,
      );
    }
    return {operatorId, key: fromHex(hex)};
  });
}
