import {Type} from "typebox";
import type {App} from "../../web/app.js";
import {security} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";

export function addMetrics(app: App, {metrics: {registry}}: Gateway): void {
  const schema = {
    summary: "Metrics for Prometheus",
    security,
    response: {200: {description: "As asked", content: {"text/plain": {schema: Type.String()}}}},
  };
  app.get("/metrics", {schema}, async (_, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).serializer(String).send(text);
  });
}
