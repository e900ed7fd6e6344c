import {Counter, Gauge, Histogram, Registry} from "prom-client";

export type GatewayMetrics = ReturnType<typeof addGatewayMetrics>;

/** Adds what the gateway counts. */
export function addGatewayMetrics(registry = new Registry()) {
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "dvt_gateway_request_seconds",
      help: "How long requests took, and how many there were, by method, route and status",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 5, 10],
      registers,
    }),
    exitsAsked: new Counter({
      name: "dvt_gateway_exits_asked_total",
      help: "Exits that HTTP operators asked for on the bus, and those asked for ahead",
      registers,
    }),
    shares: new Counter({
      name: "dvt_gateway_shares_total",
      help: "Shares that HTTP sidecars posted: published, known already or refused",
      labelNames: ["outcome"],
      registers,
    }),
    keysLeft: new Gauge({
      name: "dvt_gateway_keys_left",
      help: "Keys that may still be registered for the vault, as of the last time that it was asked for some",
      labelNames: ["vault"],
      registers,
    }),
    managerSignatures: new Counter({
      name: "dvt_gateway_manager_signatures_total",
      help: "Signatures of the validators manager that were answered, by operation",
      labelNames: ["operation"],
      registers,
    }),
  };
}
