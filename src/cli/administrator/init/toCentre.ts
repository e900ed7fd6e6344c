import {join} from "node:path";
import type {NetworkName} from "../../../../schemas/fields.js";
import {type Centre, natsUrlOf, type WantedCluster} from "../../../centre/centre.js";
import {loadDefinition} from "../../../clusters/loadDefinition.js";
import {DvtError} from "../../../errors.js";
import {loadOracleSet} from "../../../oracles/oracleSet.js";
import {readText, unlessMissing} from "../../../runtime/files.js";
import {userPath} from "../../../runtime/userPath.js";
import {tellUnverified} from "../../tellUnverified.js";
import {checkOptions, type InitOptions, parseCluster, parseNatsUrl, parseNetwork, parseOperatorIds} from "./initOptions.js";
import type {KnownCentre} from "./knownCentre.js";

type Context = {
  readonly folder: string;
  readonly known: KnownCentre;
  readonly endpoints: {readonly EXECUTION_ENDPOINT?: string; readonly CONSENSUS_ENDPOINT?: string};
  readonly env: NodeJS.ProcessEnv;
};

/** What the options and an earlier run say together. Checks every file that is to be copied; USAGE where an option contradicts what is there. */
export async function toCentre(options: InitOptions, {folder, known, endpoints, env}: Context): Promise<Centre> {
  checkOptions(options, known);
  const network = parseNetwork(sameAs("--network", options.network, known.network));
  const [nats, ...otherServers] = parseNatsUrl(options.natsUrl ?? known.natsUrl ?? "");
  if (known.natsUrl !== undefined) sameAs("--nats-url", natsUrlOf(nats, ...otherServers), known.natsUrl);
  const executionEndpoint = options.executionEndpoint ?? endpoints.EXECUTION_ENDPOINT;
  if (options.ssvOperators !== undefined && executionEndpoint === undefined)
    throw new DvtError("USAGE", "init: --ssv-operators reads the cluster from the chain; give --execution-endpoint too");
  const consensusEndpoint = options.consensusEndpoint ?? endpoints.CONSENSUS_ENDPOINT;
  if (options.gateway && executionEndpoint === undefined && consensusEndpoint === undefined && !known.hasGateway)
    throw new DvtError(
      "USAGE",
      "init: --gateway needs the next validator index from the chain; give --consensus-endpoint or --execution-endpoint",
    );
  return {
    network,
    nats,
    otherServers,
    executionEndpoint,
    consensusEndpoint,
    clusters: await readClusters(options, network, {folder, env}),
    operatorId: options.operator === undefined ? known.operatorId : sameAs("--operator", options.operator, known.operatorId),
    oracles: options.oracles === undefined ? undefined : await readOracles(userPath(options.oracles, env)),
    hasGateway: options.gateway === true || known.hasGateway,
    ...(options.mongodb !== undefined && {mongodb: options.mongodb}),
  };
}

function sameAs(option: string, given: string | undefined, known: string | undefined): string {
  if (given !== undefined && known !== undefined && given !== known)
    throw new DvtError("USAGE", `init: ${option} ${given}: this centre has ${known}; use another --folder for another centre`);
  return given ?? known ?? "";
}

async function readOracles(path: string): Promise<string> {
  await loadOracleSet(path);
  return readText(path, "the oracles config");
}

type Reading = Pick<Context, "folder" | "env">;

async function readClusters(options: InitOptions, network: NetworkName, reading: Reading): Promise<WantedCluster[]> {
  const {clusterLock = [], ssvKeyshares = [], ssvOperators = []} = options;
  const ofFiles = [
    ...clusterLock.map((text) => ({...parseCluster("--cluster-lock", text), kind: "cluster-lock"})),
    ...ssvKeyshares.map((text) => ({...parseCluster("--ssv-keyshares", text), kind: "keyshares"})),
  ];
  const ofChain = ssvOperators.map((text): WantedCluster => {
    const {id, value} = parseCluster("--ssv-operators", text);
    return {id, definition: {ssvOperatorIds: parseOperatorIds(value)}};
  });
  const clusters: WantedCluster[] = [];
  for (const {id, value, kind} of ofFiles) {
    const path = userPath(value, reading.env);
    await loadDefinition(path, network, {verify: options.verify, onUnverified: tellUnverified});
    const definition = {name: `${id}-${kind}.json`, text: await readText(path, "the cluster definition")};
    await assertSame(join(reading.folder, "shared", definition.name), id, definition.text);
    clusters.push({id, definition});
  }
  const all = [...clusters, ...ofChain];
  const ids = all.map(({id}) => id);
  const twice = ids.find((id, position) => ids.indexOf(id) !== position);
  if (twice !== undefined) throw new DvtError("USAGE", `init: cluster ${twice} is given twice`);
  return all;
}

/** A definition that is there is not replaced silently: sidecars would disagree. */
async function assertSame(path: string, id: string, text: string): Promise<void> {
  const there = await readText(path, "the cluster definition").catch(unlessMissing);
  if (there === undefined || there === text) return;
  throw new DvtError(
    "USAGE",
    `init: cluster ${id} has another definition in ${path}; if its cluster has changed, replace that file by hand, on every machine`,
  );
}
