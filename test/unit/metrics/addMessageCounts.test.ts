import {expect, it} from "vitest";
import {addMessageCounts} from "../../../src/metrics/addMessageCounts.js";
import {aRegistry} from "../../support/aRegistry.js";

it("counts messages by stream, and by outcome or code", async () => {
  const {registry, lines} = aRegistry();
  const counts = addMessageCounts(registry);
  counts.handled("EXIT_SHARES", "collecting");
  counts.refused("EXIT_SHARES", "SHARE_SIGNATURE_INVALID");
  counts.refused("EXIT_SHARES", "SHARE_SIGNATURE_INVALID");
  counts.retried("REQUESTS", "STORE_UNAVAILABLE");
  expect(await lines()).toEqual([
    'dvt_messages_handled_total{stream="EXIT_SHARES",outcome="collecting"} 1',
    'dvt_messages_refused_total{stream="EXIT_SHARES",code="SHARE_SIGNATURE_INVALID"} 2',
    'dvt_messages_retried_total{stream="REQUESTS",code="STORE_UNAVAILABLE"} 1',
  ]);
});
