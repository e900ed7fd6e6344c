import type {App} from "../web/app.js";
import type {Tag} from "./apiDocument/tags.js";
import type {Gateway} from "./gateway.js";
import {addConsolidate} from "./operatorApi/consolidate.js";
import {addFund} from "./operatorApi/fund.js";
import {addRegister} from "./operatorApi/register.js";
import {addWithdraw} from "./operatorApi/withdraw.js";
import {addExitSignature} from "./relayerApi/exitSignature.js";
import {addExits} from "./relayerApi/exits.js";
import {addInfo} from "./relayerApi/info.js";
import {addValidators} from "./relayerApi/validators.js";
import {addSignatures} from "./sidecarApi/signatures.js";
import {addOpenValidators} from "./sidecarApi/validators.js";
import {addHealth} from "./status/health.js";
import {addMetrics} from "./status/metrics.js";
import {addOpenApi} from "./status/openApi.js";
import {addPage} from "./status/page.js";

type AddRoute = (app: App, gateway: Gateway) => void;

const dialects: Record<Tag, readonly AddRoute[]> = {
  "relayer API v0.3": [addInfo, addValidators, addExits, addExitSignature],
  "sidecar v2": [addOpenValidators, addSignatures],
  "operator v4 and v5": [addRegister, addFund, addWithdraw, addConsolidate],
  status: [addHealth, addMetrics, addOpenApi],
};

/** Every route, dialect by dialect, and the page that describes them. */
export async function addRoutes(app: App, gateway: Gateway): Promise<void> {
  for (const [name, routes] of Object.entries(dialects)) await addTagged(app, gateway, name, routes);
  await addPage(app);
}

/** Adds the routes of one dialect: the OpenAPI document lists them under its name. */
async function addTagged(app: App, gateway: Gateway, tag: string, routes: readonly AddRoute[]): Promise<void> {
  await app.register(async (scope: App) => {
    scope.addHook("onRoute", (route) => {
      route.schema = {tags: [tag], ...route.schema};
    });
    for (const add of routes) add(scope, gateway);
  });
}
