import {expect, it} from "vitest";
import {addGatewayMetrics} from "../../../src/metrics/addGatewayMetrics.js";
import {createMetrics} from "../../../src/metrics/createMetrics.js";
import {anApp} from "../../support/app.js";

it("shows what its process counts and the process itself to whoever asks for /metrics", async () => {
  const {registry} = createMetrics({role: "gateway", version: "1.2.3", commit: "abc1234"});
  const metrics = addGatewayMetrics(registry);
  metrics.exitsAsked.inc(2);
  const app = await anApp({metrics});
  const {body} = await app.inject({url: "/metrics", headers: {host: "127.0.0.1"}});
  expect(body.split("\n")).toEqual(
    expect.arrayContaining([
      'dvt_build_info{version="1.2.3",commit="abc1234",role="gateway"} 1',
      "dvt_gateway_exits_asked_total 2",
      "# TYPE dvt_gateway_request_seconds histogram",
      "# TYPE process_cpu_seconds_total counter",
    ]),
  );
});
