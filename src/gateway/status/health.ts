import {Type} from "typebox";
import {rememberFor} from "../../runtime/rememberFor.js";
import type {App} from "../../web/app.js";
import {problemOf} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";

const unavailable = problemOf("UNAVAILABLE", "NATS or MongoDB does not answer");
/** These requests are not limited, so the servers are checked at most once in this time. */
const rememberedMs = 1000;
const response = {200: Type.Object({status: Type.Literal("ok")})};

export function addHealth(app: App, gateway: Gateway): void {
  const alive = {summary: "Whether the process answers", response};
  app.get("/healthz", {config: {open: true, uncounted: true}, schema: alive}, () => ({status: "ok" as const}));

  const checkServers = rememberFor(rememberedMs, gateway.checkServers);
  const ready = {
    summary: "Whether NATS and MongoDB answer",
    description:
      "NATS is asked on the connection of each participant that is served. 503 if one does not answer. They are asked at most once a second.",
    response: {...response, ...unavailable},
  };
  app.get("/readyz", {config: {open: true, uncounted: true}, schema: ready}, async () => {
    await checkServers();
    return {status: "ok" as const};
  });
}
