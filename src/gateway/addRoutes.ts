import type {App} from "./app.js";
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

const relayerApi = [addInfo, addValidators, addExits, addExitSignature];
const sidecarApi = [addOpenValidators, addSignatures];
const operatorApi = [addRegister, addFund, addWithdraw, addConsolidate];
const status = [addHealth, addMetrics];

/** Every route, dialect by dialect, and what describes them all. */
export async function addRoutes(app: App, gateway: Gateway): Promise<void> {
  for (const add of [...relayerApi, ...sidecarApi, ...operatorApi, ...status]) add(app, gateway);
  addOpenApi(app);
  await addPage(app);
}
