import {addAdmission} from "../../web/admit.js";
import type {App, Request} from "../../web/app.js";
import type {Serving} from "../../web/serving.js";
import type {GatewayWatch} from "../presence/gatewayWatch.js";
import type {Caller} from "./caller.js";
import {type Credentials, identify} from "./credentials.js";

type Access = {
  /** Undefined: whoever reaches the server is served. */
  readonly credentials: Credentials | undefined;
  readonly watch?: Pick<GatewayWatch, "asked">;
};

/** Admits only those whom the credentials identify, and tells routes who asks. */
export async function addCallers(
  app: App,
  {credentials, watch}: Access,
  serving: Pick<Serving, "host" | "requestsPerMinute">,
): Promise<void> {
  app.decorateRequest("caller");
  if (!credentials) {
    app.addHook("onRequest", async (request: Request) => {
      request.caller = {as: "anybody"};
    });
    return addAdmission(app, {identify: undefined}, serving);
  }
  const identifyCaller = async (request: Request): Promise<string | undefined> => {
    const caller = await identify(credentials, request.headers.authorization, request.method);
    if (caller) {
      request.caller = caller;
      watch?.asked(caller);
    }
    return caller && nameOf(caller);
  };
  return addAdmission(app, {identify: identifyCaller}, serving);
}

function nameOf(caller: Caller): string | undefined {
  if (caller.as === "operator") return `operator ${caller.operatorId}`;
  return caller.as === "sidecar" ? `sidecar ${caller.clusterId} ${caller.shareIndex}` : undefined;
}
