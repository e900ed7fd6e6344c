import {type Static, Type} from "typebox";
import {Id, patterns} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {whyNotChecksum} from "../runtime/checksumAddress.js";
import {readJson} from "../runtime/files.js";
import type {VaultOperation, VaultRules} from "./vaultRules.js";

const strict = {additionalProperties: false};
const Count = Type.Integer({minimum: 1, maximum: Number.MAX_SAFE_INTEGER});
const UpTo = Type.Object({max_amount: Count}, strict);
const Register = Type.Object(
  {max_amount: Count, validators_per_day: Type.Optional(Count), gwei_per_day: Type.Optional(Count)},
  strict,
);

const RulesFile = Type.Array(
  Type.Object(
    {
      vault: Type.String({pattern: patterns.address}),
      clusters: Type.Array(Id, {minItems: 1}),
      register: Type.Optional(Register),
      fund: Type.Optional(UpTo),
      withdraw: Type.Optional(UpTo),
      consolidate: Type.Optional(Type.Object({}, strict)),
    },
    strict,
  ),
  {minItems: 1},
);
type Entry = Static<typeof RulesFile>[number];

type Options = {readonly allowFullExits: boolean};

/** Loads the rules, by vault in lower-case hex with 0x; VAULT_RULES_INVALID for a wrong format, a wrong checksum or a repeated vault. */
export async function loadVaultRules(path: string, options: Options): Promise<ReadonlyMap<string, VaultRules>> {
  const entries = await readJson(path, "the validators manager's rules", RulesFile, "VAULT_RULES_INVALID");
  const refuse = (problem: string): never => {
    throw new DvtError("VAULT_RULES_INVALID", `read the validators manager's rules ${path}: ${problem}`);
  };
  for (const {vault} of entries) {
    const why = whyNotChecksum(vault);
    if (why !== undefined) refuse(`vault ${vault}: ${why}`);
  }
  const rules = new Map(entries.map((entry) => [entry.vault.toLowerCase(), toRules(entry, options)]));
  if (rules.size !== entries.length) refuse("a vault appears twice");
  return rules;
}

function toRules({vault, clusters, consolidate, ...limited}: Entry, {allowFullExits}: Options): VaultRules {
  const operations = new Map<VaultOperation, {maxAmount: number}>();
  for (const operation of ["register", "fund", "withdraw"] as const) {
    const limit = limited[operation];
    if (limit) operations.set(operation, {maxAmount: limit.max_amount});
  }
  if (consolidate) operations.set("consolidate", {maxAmount: Number.POSITIVE_INFINITY});
  const {validators_per_day, gwei_per_day} = limited.register ?? {};
  const isLimited = validators_per_day !== undefined || gwei_per_day !== undefined;
  const perDay = isLimited && {perDay: {validators: validators_per_day, gwei: gwei_per_day}};
  return {vault: vault.toLowerCase(), clusters: new Set(clusters), operations, ...perDay, allowFullExits};
}
