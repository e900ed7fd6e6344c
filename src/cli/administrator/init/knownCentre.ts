import {join} from "node:path";
import {parseEnv} from "node:util";
import {files} from "../../../centre/centre.js";
import {readText, unlessMissing} from "../../../runtime/files.js";
import {stampOf} from "../../../runtime/stamp.js";

/** What an earlier run made of the folder. */
export type KnownCentre = {
  readonly network: string | undefined;
  readonly natsUrl: string | undefined;
  readonly operatorId: string | undefined;
  readonly hasGateway: boolean;
  readonly hasParticipants: boolean;
  readonly hasOracles: boolean;
};

/** Reads it from the settings in the folder, which may be missing. */
export async function readKnownCentre(folder: string): Promise<KnownCentre> {
  const settings = async (path: string): Promise<NodeJS.Dict<string>> =>
    parseEnv((await readText(join(folder, path), "the settings").catch(unlessMissing)) ?? "");
  const has = async (path: string): Promise<boolean> => (await stampOf(join(folder, path))) !== "";
  const centre = await settings(files.centreEnv);
  return {
    network: centre["NETWORK"] || undefined,
    natsUrl: centre["NATS_URL"] || undefined,
    operatorId: (await settings(files.operatorEnv))["OPERATOR_ID"] || undefined,
    hasGateway: await has("gateway/gateway.env"),
    hasParticipants: await has(files.participants),
    hasOracles: await has(files.oracles),
  };
}
