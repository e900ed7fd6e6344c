import {createHash, randomBytes} from "node:crypto";
import {type Centre, files, natsUrlOf, owners} from "./centre.js";
import type {Settings} from "./fillIn.js";
import type {Making, Owner} from "./making.js";
import type {Packaged} from "./packaged.js";

type Role = "relayer" | "aggregator" | "gateway" | "console";

/** Makes the settings of the administrator's commands, the roles and the operator, and the files that they name beside the keys. */
export async function makeSettings(making: Making, packaged: Packaged, centre: Centre): Promise<void> {
  const {network, nats, otherServers = [], operatorId, hasGateway} = centre;
  const everywhere = natsUrlOf(nats, ...otherServers);
  const everybody = {NETWORK: network, NATS_CA_FILE: making.path(files.authority)};
  const write = async (path: string, example: string, settings: Settings, owner?: Owner): Promise<void> => {
    const make = (): Promise<string> => packaged.settings(`docker/env/${example}.env.example`, {...everybody, ...settings});
    await making.file(path, {mode: 0o600, owner}, make);
  };
  // First, because a later run finds there what the centre is.
  await write(files.centreEnv, "centre", {
    NATS_URL: everywhere,
    ...(otherServers.length > 0 && {STREAM_REPLICAS: "3", NATS_COPY_COMMAND: making.path(files.copyAccounts)}),
  });
  const endpoints = (folder: string, owner?: Owner): Promise<Settings> => makeEndpoints(making, centre, folder, owner);
  if (operatorId !== undefined) {
    await write(files.operatorEnv, "operator", {
      ...(await endpoints("operator")),
      OPERATOR_ID: operatorId,
      NATS_URL: everywhere,
      ORACLES_CHECKPOINT_FILE: making.path("operator/oracles-checkpoint.json"),
      REGISTRY_CHECKPOINT_FILE: making.path("operator/registry-checkpoint.jsonl"),
    });
  }
  // The roles are on the first server's machine. compose gives them another URL.
  const beside = {NATS_URL: natsUrlOf({...nats, host: "127.0.0.1"}, ...otherServers)};
  const role = (name: Role, settings: Settings = {}): Promise<void> =>
    write(`${name}/${name}.env`, name, {...beside, ...settings}, owners[name]);
  await role("relayer", await endpoints("relayer", owners.relayer));
  const {CONSENSUS_ENDPOINT_FILE: _, ...aggregator} = await endpoints("aggregator", owners.aggregator);
  await role("aggregator", aggregator);
  await role("console");
  await makeToken(making, {token: files.consoleToken, list: "console/tokens.json", owner: owners.console}, {name: "console"});
  if (hasGateway && operatorId !== undefined) {
    await role("gateway", await endpoints("gateway", owners.gateway));
    await making.folder("gateway/seeds", {mode: 0o700, owner: owners.gateway});
    const seed = {path: `gateway/seeds/operator-${operatorId}.nkey`, access: {mode: 0o600, owner: owners.gateway}};
    await making.file(seed.path, seed.access, () => making.read(files.operator));
    const list = {token: files.gatewayToken, list: "gateway/tokens.json", owner: owners.gateway};
    await makeToken(making, list, {operator_id: operatorId});
  }
}

/** URLs with keys go into files. What is not there is commented out. */
async function makeEndpoints(making: Making, centre: Centre, folder: string, owner: Owner | undefined): Promise<Settings> {
  const {executionEndpoint, consensusEndpoint, oracles} = centre;
  const fileOf = async (name: string, url: string | undefined): Promise<string | undefined> => {
    if (url === undefined) return undefined;
    await making.file(`${folder}/${name}.url`, {mode: 0o600, owner}, () => `${url}\n`);
    return making.path(`${folder}/${name}.url`);
  };
  const isFollowed = executionEndpoint !== undefined && oracles === undefined && !making.has(files.oracles);
  return {
    EXECUTION_ENDPOINT_FILE: await fileOf("execution", executionEndpoint),
    CONSENSUS_ENDPOINT_FILE: await fileOf("consensus", consensusEndpoint),
    ORACLES_CONFIG_FILE: isFollowed ? undefined : making.path(files.oracles),
  };
}

/** A token for its owner, and its hash for the role. */
async function makeToken(making: Making, {token, list, owner}: {token: string; list: string; owner: Owner}, whose: object) {
  const text = await making.file(token, {mode: 0o600}, () => `${randomBytes(32).toString("hex")}\n`);
  const sha256 = createHash("sha256").update(text.trim()).digest("hex");
  await making.file(list, {mode: 0o600, owner}, () => `${JSON.stringify([{sha256, ...whose}], undefined, 2)}\n`);
}
