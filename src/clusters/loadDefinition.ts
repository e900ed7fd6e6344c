import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {loadObolLock} from "./obolLock.js";

/** The definition in this file, whoever wrote it. */
export const loadDefinition = (path: string, network: NetworkName, options?: DefinitionOptions): Promise<ClusterDefinition> =>
  loadObolLock(path, network, options);
