import {basename, dirname, resolve} from "node:path";
import {isDeepStrictEqual} from "node:util";
import type {NetworkName} from "../../schemas/fields.js";
import {type ParticipantsFile, type PublishedParticipants, participants} from "../../schemas/participants.js";
import type {ClusterDefinition} from "../clusters/cluster.js";
import {definitionHash} from "../clusters/definitionHash.js";
import {loadDefinition} from "../clusters/loadDefinition.js";
import {DvtError} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {publish} from "../messaging/publish.js";
import {readParticipantsFile, toParticipants} from "../participants/participants.js";
import {hashOf} from "./hashOf.js";
import {readPublished} from "./readPublished.js";

type Options = {
  /** The administrator's connection. */
  readonly bus: Bus;
  /** Path of the administrator's participants.json. */
  readonly path: string;
  readonly network: NetworkName;
  /** Reads a definition by its path. */
  readonly readDefinition?: ReadDefinition;
};

type ReadDefinition = (path: string) => Promise<ClusterDefinition>;

/**
 * Publishes participants.json for everybody, unless this version is there already. PARTICIPANTS_INVALID, before anything is published, if
 * it has no version, if a later version or the same with other content was published, or if it is too large; the errors of reading it and
 * its definitions, and of publishing.
 */
export async function publishParticipants({
  bus,
  path,
  network,
  readDefinition = (definition) => loadDefinition(definition, network),
}: Options): Promise<"published" | "unchanged"> {
  const payload = await toPublished(path, network, readDefinition);
  const there = await readPublished(bus, {network, adminNkey: bus.identity.nkey}).catch(unlessForeign);
  if (there && isDeepStrictEqual(there, payload)) return "unchanged";
  if (there && there.version >= payload.version) {
    throw invalid(
      path,
      there.version > payload.version
        ? `it is version ${payload.version}, but version ${there.version} is published already; work on that one`
        : `version ${there.version} is published already with other content; raise its version`,
    );
  }
  await publish(bus, participants, payload);
  return "published";
}

/** participants.json as everybody reads it. */
async function toPublished(path: string, network: NetworkName, readDefinition: ReadDefinition): Promise<PublishedParticipants> {
  const file = await readParticipantsFile(path);
  toParticipants(file, {path, network});
  const {version} = file;
  if (version === undefined) throw invalid(path, "it has no version");
  const clusters: PublishedParticipants["clusters"] = [];
  for (const cluster of file.clusters) clusters.push(await toPublishedCluster(cluster, {path, network, readDefinition}));
  const payload = JSON.parse(JSON.stringify({...file, version, clusters}), lowerCaseHex) as PublishedParticipants;
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes <= participants.maxBytes) return payload;
  const sidecars = clusters.reduce((sum, it) => sum + it.sidecars.length, 0);
  throw invalid(
    path,
    `${bytes} bytes with ${file.operators.length} operators, ${clusters.length} clusters and ${sidecars} sidecars; at most ${participants.maxBytes} can be published`,
  );
}

async function toPublishedCluster(
  cluster: ParticipantsFile["clusters"][number],
  {path, network, readDefinition}: {path: string; network: NetworkName; readDefinition: ReadDefinition},
): Promise<PublishedParticipants["clusters"][number]> {
  const {definition} = cluster;
  const definition_hash =
    typeof definition === "string"
      ? definitionHash(await readDefinition(resolve(dirname(path), definition)))
      : (hashOf(cluster, network) as string);
  return {...cluster, definition: typeof definition === "string" ? toFileName(definition) : definition, definition_hash};
}

/** Everybody has a file of their own: the name only helps people. */
const toFileName = (path: string): string =>
  basename(path)
    .replace(/[^A-Za-z0-9_.-]/g, "_")
    .replace(/^[.-]/, "_")
    .slice(0, 128);

/** Readers have hex in lower case. */
const lowerCaseHex = (_: string, value: unknown): unknown =>
  typeof value === "string" && /^0x[0-9a-fA-F]+$/.test(value) ? value.toLowerCase() : value;

/** What another administrator signed, or an older software cannot read, is replaced. */
function unlessForeign(error: unknown): undefined {
  if (error instanceof DvtError && ["SIGNATURE_INVALID", "MESSAGE_MALFORMED", "SUBJECT_MISMATCH"].includes(error.code))
    return undefined;
  throw error;
}

const invalid = (path: string, problem: string): DvtError =>
  new DvtError("PARTICIPANTS_INVALID", `publish the participants file ${path}: ${problem}`);
