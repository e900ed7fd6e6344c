import {expect, it} from "vitest";
import type {Gateway} from "../../../../src/gateway/gateway.js";
import {answerSigned, type Permit, totalOf} from "../../../../src/gateway/operatorApi/permit.js";
import {addGatewayMetrics} from "../../../../src/metrics/addGatewayMetrics.js";
import {aLogger} from "../../../support/logger.js";

it("logs each signature, but not its bytes", async () => {
  const {logger, logged} = aLogger();
  const metrics = addGatewayMetrics();
  const permit = {operation: "fund", rules: {vault: "0xab"}} as unknown as Permit;
  const keys = [1, 2].map((amount) => ({publicKey: "0x11", amount}));
  const answer = answerSigned({metrics, logger} as Gateway, {id: "request-1"}, permit, totalOf(keys), "0xsigned");
  expect(answer).toEqual({validators_manager_signature: "0xsigned"});
  expect(logged).toMatchObject([{level: 30, request_id: "request-1", vault: "0xab", operation: "fund", keys: 2, gwei: 3}]);
  expect(JSON.stringify(logged)).not.toContain("0xsigned");
  expect((await metrics.managerSignatures.get()).values).toEqual([{labels: {operation: "fund"}, value: 1}]);
});
