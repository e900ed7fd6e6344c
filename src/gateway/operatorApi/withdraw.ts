import type {App} from "../app.js";
import type {Gateway} from "../gateway.js";
import {operatorSecurity} from "../openApi.js";
import {answerSigned, Signed, totalOf} from "./answerSigned.js";
import {permit} from "./permit.js";
import {checkKeyAmounts} from "./vaultKeys.js";
import {vaultRefused} from "./vaultRefused.js";
import {KeyAmounts} from "./vaultRequest.js";

const schema = {
  summary: "The validators manager's signature for a vault that withdraws from its validators; an amount of 0 exits one",
  security: operatorSecurity,
  body: KeyAmounts,
  response: {200: Signed, ...vaultRefused},
};

export function addWithdraw(app: App, gateway: Gateway): void {
  app.post("/withdraw", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "withdraw");
    const withdrawals = checkKeyAmounts(gateway, caller, permitted, body);
    const signature = await permitted.manager.signWithdrawal(permitted.rules.vault, withdrawals);
    return answerSigned(gateway, request, permitted, totalOf(withdrawals), signature);
  });
}
