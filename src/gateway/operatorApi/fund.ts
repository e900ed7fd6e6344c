import type {App} from "../../web/app.js";
import {operatorSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {answerSigned, permit, totalOf} from "./permit.js";
import {checkKeyAmounts} from "./vaultKeys.js";
import {KeyAmounts, SignedAnswer, vaultRefused} from "./vaultSchemas.js";

const schema = {
  summary: "Sign a top-up of a vault's validators",
  description: "Signed for the vault's current nonce. Not for 7, 14, 21 … keys at once unless full exits are allowed.",
  security: operatorSecurity,
  body: KeyAmounts,
  response: {200: SignedAnswer, ...vaultRefused},
};

export function addFund(app: App, gateway: Gateway): void {
  app.post("/fund", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "fund");
    const fundings = await checkKeyAmounts(gateway, caller, permitted, body);
    const signature = await permitted.manager.signFunding(permitted.rules.vault, fundings);
    return answerSigned(gateway, request, permitted, totalOf(fundings), signature);
  });
}
