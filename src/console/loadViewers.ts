import {Type} from "typebox";
import {Id} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";
import type {Token} from "../web/tokens.js";

const TokensFile = Type.Array(
  Type.Object({sha256: Type.String({pattern: "^[0-9a-fA-F]{64}$"}), name: Id}, {additionalProperties: false}),
  {minItems: 1},
);

/** Who may look: each token with the name that goes with it. TOKENS_INVALID if a token or a name appears twice. */
export async function loadViewers(path: string): Promise<Token<string>[]> {
  const entries = await readJson(path, "the tokens file", TokensFile, "TOKENS_INVALID");
  const hashes = entries.map(({sha256}) => sha256.toLowerCase());
  const names = entries.map(({name}) => name);
  const isRepeated = (values: readonly string[], position: number): boolean =>
    values.indexOf(values[position] ?? "") !== position;
  const problems = entries.flatMap((_, position) => [
    ...(isRepeated(hashes, position) ? [`entry ${position + 1}: an earlier one has the same token`] : []),
    ...(isRepeated(names, position) ? [`entry ${position + 1}: an earlier one has the same name`] : []),
  ]);
  if (problems.length > 0) throw new DvtError("TOKENS_INVALID", `read the tokens file ${path}:\n  ${problems.join("\n  ")}`);
  return entries.map(({sha256, name}) => ({sha256: fromHex(sha256), caller: name}));
}
