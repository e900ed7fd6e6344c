import {type Static, Type} from "typebox";
import {validatorTypes} from "../../../schemas/deposit.js";
import {ValidatorIndex} from "../../../schemas/fields.js";
import {areNext} from "../../registry/validatorRegistry.js";
import {whyNotRegistered} from "../../vaults/amounts.js";
import type {Registration} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import type {App} from "../../web/app.js";
import {Problem} from "../../web/problem.js";
import {examples} from "../apiDocument/examples.js";
import {operatorSecurity} from "../apiDocument/openApi.js";
import {createAskAhead} from "../asking/askAhead.js";
import {createAskForMissing} from "../asking/askForMissing.js";
import type {Gateway} from "../gateway.js";
import {readWanted} from "../progress/readProgress.js";
import {longPoll} from "../waiting/longPoll.js";
import {chooseValidators, findCandidates, type WantedValidators} from "./chooseValidators.js";
import {answerSigned, permit, totalOf} from "./permit.js";
import {RegisteredValidator, readValidators} from "./readValidators.js";
import {Gwei, ManagerSignature, Vault, vaultRefused} from "./vaultSchemas.js";

const Body = Type.Object(
  {
    vault: Vault,
    validators_start_index: Type.Integer({...ValidatorIndex, description: "the next index that the operator expects"}),
    amounts: Type.Array(Gwei, {minItems: 1, maxItems: 1000, description: "one for each validator"}),
    validator_type: Type.Enum([...validatorTypes]),
  },
  {examples: [{vault: examples.vault, validators_start_index: 1000, amounts: [examples.gwei], validator_type: "0x02"}]},
);

const underWay = {
  public_key: examples.publicKey,
  amount: examples.gwei,
  deposit_signature: null,
  exit_signature: null,
  oracles_exit_signature_shares: null,
};
const complete = {...underWay, deposit_signature: examples.signature, oracles_exit_signature_shares: examples.shares};

const schema = {
  summary: "Ask for the next validators of a vault",
  description: [
    [
      "The gateway chooses the next keys that are not registered, reserves each for the vault, and has their exits and deposits signed.",
      "While anything is missing (null), the answer waits up to 5 s; operators poll.",
      "Once all is complete, the validators manager signs it for the current root of the deposit contract.",
    ].join(" "),
    [
      "The validators are in the order of their indexes: the first gets `validators_start_index`.",
      "`amount` is what the deposit is signed for: the amount asked for, or an earlier, smaller one.",
      "If the gateway counts another next index than `validators_start_index`, it asks for nothing, signs nothing and logs a warning.",
    ].join(" "),
  ].join("\n\n"),
  security: operatorSecurity,
  body: Body,
  response: {
    200: Type.Object(
      {
        validators: Type.Array(RegisteredValidator, {description: "as many as amounts, or as keys are left"}),
        validators_manager_signature: Type.Union([Type.Null(), ManagerSignature]),
      },
      {
        "x-examples": {
          "under way": {value: {validators: [underWay], validators_manager_signature: null}},
          complete: {value: {validators: [complete], validators_manager_signature: examples.managerSignature}},
        },
      },
    ),
    ...vaultRefused,
  },
};

export function addRegister(app: App, gateway: Gateway): void {
  const askForMissing = createAskForMissing(gateway);
  const askAhead = createAskAhead(gateway);
  app.addHook("onClose", askAhead.stop);
  app.post("/register", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "register");
    const {manager, rules} = permitted;
    const wanted = toWanted(rules, body);
    const {operatorId, validators: candidates} = findCandidates(gateway, caller, rules);
    const {isAtIndex, chosen} = await chooseValidators(gateway, candidates, wanted);
    if (isAtIndex) {
      await askForMissing({operatorId, startIndex: wanted.startIndex, wanted: await readWanted(gateway, chosen)});
    }
    const {configHash} = gateway.oracles.current();
    const look = () => readValidators(gateway, chosen, wanted.startIndex);
    const validators = await longPoll(gateway, request, look, (seen) => !isAtIndex || areComplete(seen));
    const complete = new Set(validators.filter(isComplete).map(({public_key}) => public_key));
    const served = chosen.filter((it) => complete.has(it.publicKey));
    gateway.tellServed(
      operatorId,
      served.map(({publicKey, validatorIndex}) => ({network: gateway.network, publicKey, validatorIndex})),
      configHash,
    );
    const unsigned = {validators, validators_manager_signature: null};
    if (!isAtIndex || validators.length === 0 || !areComplete(validators)) return unsigned;
    const registrations = validators.map(toRegistration);
    const [depositRoot, account] = await Promise.all([manager.readDepositRoot(), manager.findAccount(rules.vault)]);
    const signed = {depositRoot, account};
    const signature = await manager.signRegistration(rules.vault, wanted.validator_type, registrations, signed);
    // After the signed root was read, so that the vault stakes only on keys that nobody has staked on before.
    const keys = chosen.map(({publicKey}) => publicKey);
    if (!(await areNext(gateway.registry, keys, wanted.startIndex))) return unsigned;
    askAhead.begin({operatorId, vault: rules.vault, placed: chosen});
    return {validators, ...answerSigned(gateway, request, permitted, totalOf(registrations), signature)};
  });
}

/** VAULT_REFUSED if no such deposit can be made, or the rules do not allow it. */
function toWanted(
  rules: VaultRules,
  {vault, validators_start_index, amounts, validator_type}: Static<typeof Body>,
): WantedValidators {
  const reason = whyNotRegistered(rules, validator_type, amounts);
  if (reason !== undefined) throw new Problem("VAULT_REFUSED", reason);
  return {vault: vault.toLowerCase(), validator_type, amounts, startIndex: validators_start_index};
}

const areComplete = (validators: readonly RegisteredValidator[]): boolean => validators.every(isComplete);

const isComplete = (it: RegisteredValidator): boolean =>
  it.deposit_signature !== null && it.oracles_exit_signature_shares !== null;

const toRegistration = ({public_key, amount, deposit_signature}: RegisteredValidator): Registration => ({
  publicKey: public_key,
  amount,
  depositSignature: deposit_signature ?? "",
});
