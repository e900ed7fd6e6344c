import type {NetworkName} from "../../schemas/fields.js";
import type {ParticipantsFile} from "../../schemas/participants.js";
import {ssvDefinitionHash} from "../clusters/definitionHash.js";
import {toSsvCluster} from "../participants/participants.js";

/** The hash of a cluster's definition: computed if participants.json defines it, else as it says; undefined if it says nothing. */
export const hashOf = (
  {definition, definition_hash}: ParticipantsFile["clusters"][number],
  network: NetworkName,
): string | undefined =>
  typeof definition === "string" ? definition_hash : ssvDefinitionHash(network, toSsvCluster(definition));
