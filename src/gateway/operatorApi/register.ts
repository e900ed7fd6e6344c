import {type Static, Type} from "typebox";
import {validatorTypes} from "../../../schemas/deposit.js";
import {ValidatorIndex} from "../../../schemas/fields.js";
import {fullStakeGwei} from "../../consensus/deposit.js";
import type {Registration} from "../../vaults/validatorsManager.js";
import {type VaultRules, whyNotAmount} from "../../vaults/vaultRules.js";
import type {App} from "../app.js";
import {askForExits, isToBeAsked} from "../askForExits.js";
import type {Gateway} from "../gateway.js";
import {hold} from "../hold.js";
import {lookUp} from "../lookUp.js";
import {createMovedLog} from "../movedLog.js";
import {operatorSecurity} from "../openApi.js";
import {Problem} from "../problem.js";
import {answerSigned, totalOf} from "./answerSigned.js";
import type {Wanted} from "./chooseKeys.js";
import {type Chosen, chooseValidators} from "./chooseValidators.js";
import {findValidators} from "./findValidators.js";
import {permit} from "./permit.js";
import {RegisteredValidator, readValidators} from "./readValidators.js";
import {vaultRefused} from "./vaultRefused.js";
import {Gwei, Vault} from "./vaultRequest.js";

const Body = Type.Object({
  vault: Vault,
  validators_start_index: ValidatorIndex,
  amounts: Type.Array(Gwei, {minItems: 1, maxItems: 1000}),
  validator_type: Type.Enum([...validatorTypes]),
});

const schema = {
  summary: "The next validators of a vault with their exits and deposits, signed by its validators manager once all are complete",
  security: operatorSecurity,
  body: Body,
  response: {
    200: Type.Object({
      validators: Type.Array(RegisteredValidator, {description: "as many as amounts, or as there are keys"}),
      validators_manager_signature: Type.Union([
        Type.Null(),
        Type.String({description: "65 bytes: EIP-712, VaultValidators of the vault"}),
      ]),
    }),
    ...vaultRefused,
  },
};

export function addRegister(app: App, gateway: Gateway): void {
  const askForMissing = createAsking(gateway);
  app.post("/register", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "register");
    const {manager, rules} = permitted;
    const wanted = toWanted(rules, body);
    const {operatorId, places} = findValidators(gateway, caller, rules);
    const {isAtIndex, chosen} = await chooseValidators(gateway, places, wanted);
    if (isAtIndex) await askForMissing(operatorId, wanted.startIndex, chosen);
    const look = () => readValidators(gateway, chosen);
    const validators = await hold(gateway, request, look, (seen) => !isAtIndex || areComplete(seen));
    const unsigned = {validators, validators_manager_signature: null};
    if (!isAtIndex || validators.length === 0 || !areComplete(validators)) return unsigned;
    const registrations = validators.map(toRegistration);
    const signature = await manager.signRegistration(rules.vault, wanted.validator_type, registrations);
    if (!(await areNext(gateway, chosen, wanted))) return unsigned;
    return {validators, ...answerSigned(gateway, request, permitted, totalOf(registrations), signature)};
  });
}

/** VAULT_REFUSED where no such deposit can be made, or the rules do not allow it. */
function toWanted(rules: VaultRules, {vault, validators_start_index, amounts, validator_type}: Static<typeof Body>): Wanted {
  const whyNot = (amount: number): string | undefined => {
    if (amount < fullStakeGwei) return `${amount} gwei activate no validator`;
    // The vault's contract is not told the amount of a 0x01 validator: it stakes what activates one.
    if (validator_type === "0x01" && amount > fullStakeGwei) return `${amount} gwei are too much for a 0x01 validator`;
    return whyNotAmount(rules, "register", amount);
  };
  const reason = amounts.map(whyNot).find((it) => it !== undefined);
  if (reason !== undefined) throw new Problem("VAULT_REFUSED", reason);
  return {vault: vault.toLowerCase(), validator_type, amounts, startIndex: validators_start_index};
}

type AskForMissing = (operatorId: string, start: number, chosen: readonly Chosen[]) => Promise<void>;

function createAsking(gateway: Gateway): AskForMissing {
  const tellOfMoved = createMovedLog(gateway.logger);
  return async (operatorId, start, chosen) => {
    const standings = await lookUp(gateway, chosen);
    const missing = chosen
      .map(({publicKey, validatorIndex, deposit}) => ({
        exit: {network: gateway.network, publicKey, validatorIndex, deposit},
        standing: standings.get(publicKey),
      }))
      .filter(({exit, standing}) => isToBeAsked(exit, standing, operatorId));
    tellOfMoved(operatorId, start, missing);
    await askForExits(
      gateway,
      operatorId,
      missing.map(({exit}) => exit),
    );
  };
}

/** Asked after the root was read that is signed: with the signature the vault stakes on keys that nobody has staked on until then. */
async function areNext({registry}: Gateway, chosen: readonly Chosen[], {startIndex}: Wanted): Promise<boolean> {
  const keys = chosen.map(({publicKey}) => publicKey);
  const {nextIndex, isRegistered} = await registry.read(keys);
  return nextIndex === startIndex && !keys.some((key) => isRegistered(key));
}

const areComplete = (validators: readonly RegisteredValidator[]): boolean =>
  validators.every((it) => it.deposit_signature !== null && it.oracles_exit_signature_shares !== null);

const toRegistration = ({public_key, amount, deposit_signature}: RegisteredValidator): Registration => ({
  ...{publicKey: public_key, amount},
  depositSignature: deposit_signature ?? "",
});
