import {join} from "node:path";
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
  const settings = async (path: string): Promise<(name: string) => string | undefined> => {
    const text = await readText(join(folder, path), "the settings").catch(unlessMissing);
    return (name) => new RegExp(`^${name}=(.*)$`, "m").exec(text ?? "")?.[1]?.trim() || undefined;
  };
  const has = async (path: string): Promise<boolean> => (await stampOf(join(folder, path))) !== "";
  const centre = await settings(files.centreEnv);
  return {
    network: centre("NETWORK"),
    natsUrl: centre("NATS_URL"),
    operatorId: (await settings(files.operatorEnv))("OPERATOR_ID"),
    hasGateway: await has("gateway/gateway.env"),
    hasParticipants: await has(files.participants),
    hasOracles: await has(files.oracles),
  };
}
