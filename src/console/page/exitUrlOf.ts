import {urlOf} from "../place.js";

/** Where an exit is shown, from `network:public_key:validator_index`. */
export function exitUrlOf(exit: string): string {
  const [, key = "", index = "0"] = exit.split(":");
  return urlOf({page: "exit", key, index: Number(index)});
}
