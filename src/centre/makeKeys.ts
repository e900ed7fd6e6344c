import type {ParticipantsFile} from "../../schemas/participants.js";
import {generatePrivateKey, publicKeyOf} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {createSeed, toIdentity} from "../messaging/identity.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {type Centre, files, owners} from "./centre.js";
import type {Making, Owner} from "./making.js";

/** The public keys of the centre's own participants. */
export type PublicKeys = {
  readonly admin: string;
  readonly serverAdmin: string;
  readonly relayer: string;
  readonly aggregator: string;
  readonly console: string;
  readonly operator: string | undefined;
  /** 64 bytes in hex with 0x. */
  readonly encryption: string;
};

/**
 * Makes the keys that are not there yet. CONFIG_INVALID if participants.json lists another key than the file holds, or one whose file is
 * gone: a new one would log in nowhere.
 */
export async function makeKeys(making: Making, {operatorId}: Centre, before: ParticipantsFile | undefined): Promise<PublicKeys> {
  const nkey = async (who: string, path: string, listed: string | undefined, owner?: Owner): Promise<string> => {
    assertThere(making, who, path, listed);
    const seed = await making.file(path, {mode: 0o600, owner}, () => `${createSeed().seed}\n`);
    const {nkey: found} = toIdentity(who, seed);
    if (listed !== undefined && listed !== found) throw otherKey(making, who, path, listed);
    return found;
  };
  const {operators = [], viewers = []} = before ?? {};
  const listedOperator = operators.find(({id}) => id === operatorId)?.nkey;
  return {
    admin: await nkey("admin", files.admin, before?.admin.nkey),
    serverAdmin: await nkey("the server administrator", files.serverAdmin, before?.server_admin?.nkey),
    relayer: await nkey("relayer", files.relayer, before?.relayer.nkey, owners.relayer),
    aggregator: await nkey("aggregator", files.aggregator, before?.aggregator.nkey, owners.aggregator),
    console: await nkey("viewer console", files.console, viewers.find(({id}) => id === "console")?.nkey, owners.console),
    operator: operatorId === undefined ? undefined : await nkey(`operator ${operatorId}`, files.operator, listedOperator),
    encryption: await makeEncryptionKey(making, before?.aggregator.encryption_keys),
  };
}

async function makeEncryptionKey(making: Making, listed: readonly string[] | undefined): Promise<string> {
  const who = "the aggregator's shares";
  assertThere(making, who, files.aggregatorKey, listed?.[0]);
  const access = {mode: 0o600, owner: owners.aggregator};
  const text = await making.file(files.aggregatorKey, access, () => `${toHex(generatePrivateKey())}\n`);
  if (!/^(0x)?[0-9a-fA-F]{64}\s*$/.test(text)) {
    throw new DvtError("KEY_FILE_INVALID", `read ${making.path(files.aggregatorKey)}: it is not 32 bytes in hex`);
  }
  const found = toHex(publicKeyOf(fromHex(text.trim())));
  if (listed !== undefined && !listed.includes(found)) throw otherKey(making, who, files.aggregatorKey, listed.join(", "));
  return found;
}

function assertThere(making: Making, who: string, path: string, listed: string | undefined): void {
  if (listed === undefined || making.has(path)) return;
  throw new DvtError(
    "CONFIG_INVALID",
    `complete the centre: participants.json lists a key of ${who} (${listed}), but ${making.path(path)} is not there; put it back`,
  );
}

const otherKey = (making: Making, who: string, path: string, listed: string): DvtError =>
  new DvtError(
    "CONFIG_INVALID",
    `complete the centre: ${making.path(path)} holds another key of ${who} than participants.json lists (${listed}); put the right one there`,
  );
