import {expect, it} from "vitest";
import {createMetrics} from "../../../src/metrics/createMetrics.js";
import {createGatewayMetrics} from "../../../src/metrics/gatewayMetrics.js";
import {anApp} from "../../support/app.js";

it("shows the messages of its process and the process itself to whoever asks for /metrics", async () => {
  const ofProcess = createMetrics();
  ofProcess.messages.handled("EXIT_SHARES", "collecting");
  ofProcess.messages.refused("EXIT_SHARES", "SHARE_SIGNATURE_INVALID");
  ofProcess.messages.refused("EXIT_SHARES", "SHARE_SIGNATURE_INVALID");
  ofProcess.messages.retried("REQUESTS", "STORE_UNAVAILABLE");
  const app = await anApp({metrics: createGatewayMetrics(ofProcess)});
  const {body} = await app.inject({url: "/metrics", headers: {host: "127.0.0.1"}});
  expect(body.split("\n")).toEqual(
    expect.arrayContaining([
      'dvt_messages_handled_total{stream="EXIT_SHARES",outcome="collecting"} 1',
      'dvt_messages_refused_total{stream="EXIT_SHARES",code="SHARE_SIGNATURE_INVALID"} 2',
      'dvt_messages_retried_total{stream="REQUESTS",code="STORE_UNAVAILABLE"} 1',
      "# TYPE dvt_gateway_request_seconds histogram",
      "# TYPE process_cpu_seconds_total counter",
    ]),
  );
});
