import {Type} from "typebox";
import {rememberFor} from "../../runtime/rememberFor.js";
import {problemOf} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import type {App} from "../http/app.js";

const unavailable = problemOf("UNAVAILABLE", "One of them does not answer");
/** Whoever asks is not counted, so that nobody's asking costs more than one look at the servers in this time. */
const rememberedMs = 1000;
const response = {200: Type.Object({status: Type.Literal("ok")})};

export function addHealth(app: App, gateway: Gateway): void {
  const alive = {summary: "Whether the process answers", response};
  app.get("/healthz", {config: {open: true, uncounted: true}, schema: alive}, () => ({status: "ok" as const}));

  const checkServers = rememberFor(rememberedMs, gateway.checkServers);
  const ready = {
    summary: "Whether NATS and MongoDB answer",
    description:
      "NATS on the connection of each who is served. 503 where one of them does not. They are asked once in a second at the most.",
    response: {...response, ...unavailable},
  };
  app.get("/readyz", {config: {open: true, uncounted: true}, schema: ready}, async () => {
    await checkServers();
    return {status: "ok" as const};
  });
}
