import {access, constants, stat} from "node:fs/promises";
import type {Cluster} from "../../clusters/cluster.js";
import {type ClusterEntry, loadParticipants, type Participants} from "../../participants/participants.js";
import {countText} from "../../runtime/countText.js";
import {assertWritable, unlessMissing, unreadable, unwritable} from "../../runtime/files.js";
import {userPath} from "../../runtime/userPath.js";
import {type ClusterConfig, loadEntry} from "../opening/loadEntry.js";
import {type Check, createPart, type Part, partCheck, toCheck} from "./check.js";
import type {Context} from "./context.js";

type FilesConfig = ClusterConfig & {readonly PARTICIPANTS_FILE: string};

/** participants.json. */
export const participantsPart = ({
  config,
  env,
}: Context<Pick<FilesConfig, "NETWORK" | "PARTICIPANTS_FILE">>): Part<Participants> =>
  createPart("participants.json", () => loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK));

export const participantsCheck = (part: Part<Participants>): Check =>
  partCheck(part, ({network, version, operators, clusters}) =>
    [
      `who takes part on ${network}: ${countText(operators.length, "operator")}, ${countText(clusters.length, "cluster")}`,
      ...(version === undefined ? [] : [`version ${version}`]),
    ].join(", "),
  );

/** A cluster's definition. */
export const definitionPart = (
  id: string,
  entryOf: () => Promise<ClusterEntry>,
  {config, env, verify}: Context<ClusterConfig>,
): Part<Cluster> =>
  createPart(`definition of cluster ${id}`, async (logger) => loadEntry(await entryOf(), {config, env, verify, logger}));

export const definitionCheck = (part: Part<Cluster>): Check =>
  partCheck(
    part,
    ({type, validators, threshold}) =>
      `${type === "SSV" ? "SSV" : "Obol"}, ${countText(validators.size, "validator")}, ${threshold} nodes have to sign`,
  );

/** The definition of each cluster that the role works for. */
export const definitionChecks = (participants: Participants | undefined, context: Context<ClusterConfig>): Check[] =>
  (participants?.clusters ?? []).map((entry) => definitionCheck(definitionPart(entry.id, async () => entry, context)));

/** Whether a file that the role writes can be written. It stays as it is. */
export const stateFileCheck = (variable: string, file: string, {env}: Pick<Context<unknown>, "env">): Check =>
  toCheck(variable, async () => {
    const path = userPath(file, env);
    await assertWritable(path, 1);
    const isThere = await stat(path).then(
      () => true,
      (cause) => unlessMissing(unreadable(path, variable, cause)) ?? false,
    );
    if (!isThere) return `the role makes it: ${path}`;
    await access(path, constants.R_OK | constants.W_OK).catch((cause) => {
      throw unwritable(`write ${variable} ${path}`, cause);
    });
    return `can be read and written: ${path}`;
  });
