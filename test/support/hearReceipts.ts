import type {ExitReceipt} from "../../schemas/exitReceipt.js";
import type {Stage} from "./stage.js";

/** The exits in receipts from now on, as `<operator id> <validator index>`. */
export function hearReceipts({bus}: Pick<Stage, "bus">): string[] {
  const heard: string[] = [];
  bus.connection.subscribe("dvt.v2.receipts.>", {
    callback: (_, message) => {
      const {operator_id, exits} = message.json<ExitReceipt>();
      heard.push(...exits.map(({validator_index}) => `${operator_id} ${validator_index}`));
    },
  });
  return heard;
}
