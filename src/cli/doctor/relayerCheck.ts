import type {Bus} from "../../messaging/connect.js";
import {askStatus} from "../../status/askStatus.js";
import {type Check, type Part, toCheck} from "./check.js";

/** Whether a relayer answers, and its version. */
export const relayerCheck = (part: Part<Bus>): Check =>
  toCheck("relayer", async () => {
    const {roles} = await askStatus(await part.need()).status({});
    const versions = roles
      .filter(({role}) => role === "relayer")
      .flatMap(({version}) => (version === undefined ? [] : [version]));
    return versions.length === 0 ? "answers" : `answers, version ${versions.join(", ")}`;
  });
