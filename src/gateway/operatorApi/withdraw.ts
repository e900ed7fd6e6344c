import type {App} from "../../web/app.js";
import {operatorSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {answerSigned, permit, totalOf} from "./permit.js";
import {checkKeyAmounts} from "./vaultKeys.js";
import {KeyAmounts, SignedAnswer, vaultRefused} from "./vaultSchemas.js";

const schema = {
  summary: "Sign a withdrawal from a vault's validators",
  description: "Signed for the vault's current nonce. An amount of 0 exits the validator, if ALLOW_FULL_EXITS is set.",
  security: operatorSecurity,
  body: KeyAmounts,
  response: {200: SignedAnswer, ...vaultRefused},
};

export function addWithdraw(app: App, gateway: Gateway): void {
  app.post("/withdraw", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "withdraw");
    const withdrawals = await checkKeyAmounts(gateway, caller, permitted, body);
    const signature = await permitted.manager.signWithdrawal(permitted.rules.vault, withdrawals);
    return answerSigned(gateway, request, permitted, totalOf(withdrawals), signature);
  });
}
