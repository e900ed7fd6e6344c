import {mkdirSync, rmSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {definitionHash, ssvDefinitionHash} from "../../../src/clusters/definitionHash.js";
import {checkShares, type SharesOptions, type SidecarInvitation} from "../../../src/enrolment/checkShares.js";
import {writeKeystores} from "../../../src/sandbox/makeCluster.js";
import {toEncryptedKey} from "../../../src/sandbox/makeSsvCluster.js";
import {aCluster, type TestCluster} from "../../support/examples/cluster.js";
import {anInvitation} from "../../support/examples/invitation.js";
import {anSsvCluster, ssvOperators} from "../../support/examples/ssvCluster.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const cluster = aCluster();
const nowhere = folder.fresh();

/** Writes what charon leaves of one node: the lock and its keystores. */
async function writeCharon(place: string, {validators, lock}: TestCluster, shareIndex: number): Promise<string> {
  const relative = place.slice(folder.path().length + 1);
  folder.write(`${relative}/cluster-lock.json`, lock);
  const shares = validators.map(({secretShares}) => secretShares[shareIndex - 1] as never);
  await writeKeystores(`${place}/validator_keys`, shares, 2);
  return place;
}

const invitationTo = (shareIndex: number, hash = definitionHash(cluster.definition)): SidecarInvitation => {
  const invitation = anInvitation() as SidecarInvitation;
  return {...invitation, cluster: {...invitation.cluster, share_index: shareIndex, definition_hash: hash}};
};
const check = (invitation: SidecarInvitation, options: Partial<SharesOptions> = {}) =>
  checkShares(invitation, {here: nowhere, homes: [nowhere], ...options});

describe("a node's files", () => {
  it.each([
    {id: "the folder where it is called", of: async () => ({here: await writeCharon(folder.fresh(), cluster, 2)})},
    {
      id: ".charon in that folder",
      of: async () => {
        const here = folder.fresh();
        await writeCharon(`${here}/.charon`, cluster, 2);
        return {here};
      },
    },
    {
      id: "the home of whoever followed Obol's guide",
      of: async () => {
        const home = folder.fresh();
        await writeCharon(`${home}/charon-distributed-validator-node/.charon`, cluster, 2);
        return {homes: [nowhere, home]};
      },
    },
    {id: "the folder that is named", of: async () => ({named: await writeCharon(folder.fresh(), cluster, 2)})},
    {
      id: "the keystores that are named",
      of: async () => ({named: `${await writeCharon(folder.fresh(), cluster, 2)}/validator_keys`}),
    },
  ])("are found in $id", async ({of}) => {
    const {files, definition, keyShares, validators} = await check(invitationTo(2), await of());
    expect(files?.keys).toMatch(/validator_keys$/);
    expect(definition).toMatch(/cluster-lock\.json$/);
    expect(keyShares?.publicKeys.size).toBe(validators);
    expect(keyShares?.prove).toBeDefined();
  });

  it("of the right node are found where the machine has several", async () => {
    const here = folder.fresh();
    for (const node of [0, 1, 2]) await writeCharon(`${here}/.charon/cluster/node${node}`, cluster, node + 1);
    await writeCharon(`${here}/.charon`, aCluster(), 2);
    expect((await check(invitationTo(2), {here})).files?.keys).toBe(`${here}/.charon/cluster/node1/validator_keys`);
  });

  it("are refused if the definition is another one than the administrator's, whatever it is", async () => {
    const named = await writeCharon(folder.fresh(), aCluster(), 1);
    await expect(check(invitationTo(1), {named})).rejects.toMatchObject({code: "ENROLMENT_REFUSED"});
  });

  it("are refused if they are another node's", async () => {
    const named = await writeCharon(folder.fresh(), cluster, 3);
    await expect(check(invitationTo(1), {named})).rejects.toMatchObject({code: "KEYSTORE_FOREIGN"});
  });

  it("are refused if the definition is not what its operators signed, unless the user accepts that", async () => {
    const changed = {...cluster.lock, signature_aggregate: `0x${"ab".repeat(96)}`};
    const named = await writeCharon(folder.fresh(), {...cluster, lock: changed as TestCluster["lock"]}, 1);
    await expect(check(invitationTo(1), {named})).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
    await expect(check(invitationTo(1), {named, verify: false})).resolves.toMatchObject({validators: 2});
  });

  it("are missed by name", async () => {
    await expect(check(invitationTo(1))).rejects.toMatchObject({code: "KEYSTORES_MISSING"});
    const named = await writeCharon(folder.fresh(), cluster, 1);
    rmSync(`${named}/cluster-lock.json`);
    await expect(check(invitationTo(1), {named})).rejects.toMatchObject({code: "CLUSTER_DEFINITION_MISSING"});
    const definition = folder.write("elsewhere.json", cluster.lock);
    await expect(check(invitationTo(1), {named, definition})).resolves.toMatchObject({definition});
    rmSync(`${named}/validator_keys/keystore-0.txt`);
    await expect(check(invitationTo(1), {named, definition})).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_MISSING"});
  });

  it("may be a remote signer's, which proves nothing", async () => {
    const definition = folder.write("lock.json", cluster.lock);
    const publicKeys = new Set(cluster.definition.validators.keys());
    const keyShares = {shareIndex: 1, publicKeys, sign: async () => new Uint8Array(), signDeposit: async () => new Uint8Array()};
    const opened = {keyShares, problems: []};
    const signer = {isStrict: false, open: async () => opened, glance: async () => ({publicKeys, problems: []})};
    await expect(check(invitationTo(1), {definition, signer})).resolves.toMatchObject({files: undefined, keyShares});
  });
});

describe("an SSV operator's files", () => {
  const ssv = anSsvCluster();
  const [operator] = ssvOperators as [(typeof ssvOperators)[number]];

  async function writeSsv(): Promise<string> {
    const named = folder.fresh();
    mkdirSync(named, {mode: 0o700});
    const relative = named.slice(folder.path().length + 1);
    folder.write(`${relative}/encrypted_private_key.json`, await toEncryptedKey(operator, "password", 2), 0o600);
    folder.write(`${relative}/password`, "password", 0o600);
    folder.write(`${relative}/keyshares-1.json`, ssv.file);
    return named;
  }
  const invitation = async (): Promise<SidecarInvitation> => {
    const to = invitationTo(operator.id, definitionHash(await ssv.definition()));
    return {...to, cluster: {...to.cluster, type: "SSV"}};
  };

  it("are found and opened in the folder of its node", async () => {
    const named = await writeSsv();
    const {files, keyShares} = await check(await invitation(), {named});
    expect(files).toEqual({
      keys: `${named}/encrypted_private_key.json`,
      password: `${named}/password`,
      definition: `${named}/keyshares-1.json`,
    });
    expect(keyShares?.publicKeys.size).toBe(2);
  });

  it("are found in the compose files of SSV, which keep the key in a folder of its own, and the keyshares file may be beside that", async () => {
    const here = folder.fresh();
    const relative = here.slice(folder.path().length + 1);
    folder.write(`${relative}/ssv-node-data/private_key`, await toEncryptedKey(operator, "password", 2), 0o600);
    folder.write(`${relative}/ssv-node-data/password`, "password", 0o600);
    folder.write(`${relative}/keyshares-1.json`, ssv.file);
    const {files, keyShares} = await check(await invitation(), {here});
    expect(files).toEqual({
      keys: `${here}/ssv-node-data/private_key`,
      password: `${here}/ssv-node-data/password`,
      definition: `${here}/keyshares-1.json`,
    });
    expect(keyShares?.publicKeys.size).toBe(2);
  });

  it("of a cluster in SSV's contract need no definition: its hash is of the operators in the invitation", async () => {
    const named = await writeSsv();
    rmSync(`${named}/keyshares-1.json`);
    const ids = ssvOperators.map(({id}) => id);
    const to = await invitation();
    const onChain = (hash: string): SidecarInvitation => ({
      ...to,
      cluster: {...to.cluster, definition_hash: hash, on_chain: {ssv_operator_ids: ids}},
    });
    const hash = ssvDefinitionHash("hoodi", {ssvOperatorIds: ids});
    await expect(check(onChain(hash), {named})).resolves.toMatchObject({definition: undefined, keyShares: undefined});
    await expect(check(onChain(`0x${"ab".repeat(32)}`), {named})).rejects.toMatchObject({code: "INVITATION_INVALID"});
    folder.write(`${named.slice(folder.path().length + 1)}/password`, "another", 0o600);
    await expect(check(onChain(hash), {named})).rejects.toMatchObject({code: "KEYSTORE_PASSWORD_WRONG"});
  });
});
