import {describe, expect, it} from "vitest";
import {createApprovals} from "../../../src/approvals/createApprovals.js";
import {describeLack} from "../../../src/approvals/describeLack.js";
import type {ApprovalTerms} from "../../../src/approvals/outcome.js";
import type {RegistrationRequest, RotationRequest} from "../../../src/approvals/requestBodies.js";
import {consolidationDigest, registrationDigest, rotationDigest} from "../../../src/execution/oracleSignatures.js";
import {configOf, type Script, scripts, startTestOracle, type TestOracle} from "../../support/approvalServers.js";

const chainId = 560_048;
const keeper = `0x${"aa".repeat(20)}`;
const checker = `0x${"cc".repeat(20)}`;
const vault = `0x${"ab".repeat(20)}`;
const checksumVault = "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB";
const verifier = {chainId, contract: keeper};
const ipfsHash = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
const deadline = Math.floor(Date.now() / 1000) + 600;
const validators = Uint8Array.of(1, 2, 3);
const terms: ApprovalTerms = {ipfsHash, deadline};

const shards = (count: number, digit: string) => Array.from({length: count}, (_, position) => `0x${digit}${position}`);
const anExit = (publicKey: string, oracles: number) => ({
  publicKey,
  publicKeyShards: shards(oracles, "a"),
  exitSignatureShards: shards(oracles, "b"),
});
const registrationFor = (oracles: number, options: Partial<RegistrationRequest> = {}): RegistrationRequest => ({
  vault,
  validatorsRegistryRoot: `0x${"cd".repeat(32)}`,
  validatorIndex: 77,
  validatorType: "0x01",
  registrations: [
    {...anExit("0x01", oracles), depositSignature: "0x02", amount: 32_000_000_000},
    {...anExit("0x03", oracles), depositSignature: "0x04", amount: 33_000_000_000},
  ],
  validators,
  managerSignature: "0x05",
  deadline,
  ...options,
});
const rotationFor = (oracles: number): RotationRequest => ({vault, exits: [anExit("0x01", oracles)], nonce: 7n, deadline});

type Role = (oracle: TestOracle) => Script;
const digestOf = (of: ApprovalTerms) => {
  const {validatorsRegistryRoot} = registrationFor(1);
  return registrationDigest(verifier, {validatorsRegistryRoot, vault, validators, ...of});
};
const voteBody = async (oracle: TestOracle, of: ApprovalTerms, digest: string) => ({
  ipfs_hash: of.ipfsHash,
  deadline: of.deadline,
  signature: await oracle.sign(digest),
});
/** Signs these terms, as an honest oracle does. */
const votes =
  (of: Partial<ApprovalTerms> = {}): Role =>
  (oracle) =>
  async (asked, response, request) => {
    const all = {...terms, ...of};
    return scripts.json(await voteBody(oracle, all, digestOf(all)))(asked, response, request);
  };
/** Signs something else than it says. */
const lies: Role = (oracle) => async (asked, response, request) =>
  scripts.json(await voteBody(oracle, terms, digestOf({...terms, deadline: deadline - 1})))(asked, response, request);
const does =
  (script: Script): Role =>
  () =>
    script;
const refuses = does(scripts.json({message: "validators registry root has changed"}, 400));

/** An oracle for each role; one with several has as many replicas. */
async function createStage(roles: readonly (Role | readonly Role[])[], {threshold = 2} = {}) {
  const oracles = await Promise.all(roles.map((role) => startTestOracle(typeof role === "function" ? [role] : role)));
  const approvals = createApprovals({config: configOf(oracles, threshold), keeper, chainId});
  const {signal} = new AbortController();
  const approve = (options: {minOracles?: number; timeoutMs?: number; signal?: AbortSignal} = {}) =>
    approvals.approveRegistration(registrationFor(oracles.length), {minOracles: 2, signal, ...options});
  return {oracles, approvals, approve, signal};
}

const ascending = (oracles: readonly TestOracle[]) =>
  [...oracles].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
const signaturesOf = async (oracles: readonly TestOracle[], digest: string): Promise<string> =>
  `0x${(await Promise.all(ascending(oracles).map(({sign}) => sign(digest)))).map((hex) => hex.slice(2)).join("")}`;

describe("approveRegistration", () => {
  it("has exactly as many signatures as are needed, by ascending address", async () => {
    const {oracles, approve} = await createStage(Array.from({length: 5}, () => votes()));
    const outcome = await approve({minOracles: 5});
    expect(outcome).toEqual({
      outcome: "approved",
      ipfsHash,
      deadline,
      signatures: await signaturesOf(oracles, digestOf(terms)),
      failures: [],
    });
    const of3 = await approve({minOracles: 3});
    expect((of3 as {signatures: string}).signatures).toHaveLength(2 + 3 * 130);
  });

  it.each([
    {validatorType: "0x01", amounts: null},
    {validatorType: "0x02", amounts: [32_000_000_000, 33_000_000_000]},
  ] as const)("posts to the endpoint itself what the protocol says, for $validatorType", async ({validatorType, amounts}) => {
    const {oracles, approvals, signal} = await createStage([votes(), votes()]);
    await approvals.approveRegistration(registrationFor(2, {validatorType}), {minOracles: 2, signal});
    for (const {asked} of oracles) {
      expect(asked).toMatchObject([{method: "POST", path: "/oracle/?key=1", headers: {"content-type": "application/json"}}]);
      expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
        validator_index: 77,
        vault_address: checksumVault,
        validators_root: `0x${"cd".repeat(32)}`,
        public_keys: ["0x01", "0x03"],
        deposit_signatures: ["0x02", "0x04"],
        public_key_shards: [
          ["0xa0", "0xa1"],
          ["0xa0", "0xa1"],
        ],
        exit_signature_shards: [
          ["0xb0", "0xb1"],
          ["0xb0", "0xb1"],
        ],
        validators_manager_signature: "0x05",
        deadline,
        amounts,
      });
    }
  });

  it("waits for no oracle once there is enough, and goes away from the others", async () => {
    const {oracles, approve} = await createStage([does(scripts.hang), votes(), does(scripts.hangAfterHead), votes()]);
    const outcome = await approve({timeoutMs: 60_000});
    expect(outcome).toMatchObject({
      outcome: "approved",
      signatures: await signaturesOf([oracles[1], oracles[3]] as TestOracle[], digestOf(terms)),
    });
    await Promise.all([oracles[0]?.deserted, oracles[2]?.deserted]);
  });

  it("takes a signature that is without 0x or in upper case", async () => {
    const shouts: Role = (oracle) => async (asked, response, request) => {
      const {signature, ...vote} = await voteBody(oracle, terms, digestOf(terms));
      return scripts.json({...vote, signature: signature.slice(2).toUpperCase(), more: 1})(asked, response, request);
    };
    const {approve} = await createStage([shouts, shouts]);
    expect(await approve()).toMatchObject({outcome: "approved"});
  });

  it("asks another replica of an oracle if one is down, refuses, lies or hangs, in random order", async () => {
    for (const bad of [does(scripts.hangUp), refuses, lies, does(scripts.hang)]) {
      const {approve} = await createStage([votes(), [bad, votes()]]);
      expect(await approve({timeoutMs: 4000})).toMatchObject({outcome: "approved"});
    }
    const firsts = new Set<string>();
    const seen: (name: string) => Role = (name) => (oracle) => {
      firsts.add(name);
      return votes()(oracle);
    };
    const {approve} = await createStage([votes(), [seen("one"), seen("other")]]);
    for (let turn = 0; turn < 64 && firsts.size < 2; turn++) await approve();
    expect(firsts.size).toBe(2);
  });

  it.each<{id: string; role: Role; kind: string; reason: RegExp}>([
    {id: "refuses", role: refuses, kind: "refused", reason: /^it refuses: validators registry root has changed$/},
    {
      id: "refuses with a detail",
      role: does(scripts.json({detail: "Vault is not registered", code: 7}, 400)),
      kind: "refused",
      reason: /^it refuses: Vault is not registered$/,
    },
    {
      id: "refuses with several details",
      role: does(scripts.json({detail: [{loc: ["body", 1], msg: "field required"}, {msg: "too\nlong"}]}, 422)),
      kind: "refused",
      reason: /^it refuses: field required; too long$/,
    },
    {
      id: "refuses without words",
      role: does(scripts.json({code: 7, detail: "", errors: []}, 400)),
      kind: "refused",
      reason: /^it refuses: \{"code":7,"detail":"","errors":\[\]\}$/,
    },
    {id: "refuses without JSON", role: does(scripts.text("<b>no</b>", 400)), kind: "refused", reason: /does not say why/},
    {id: "hangs up", role: does(scripts.hangUp), kind: "unavailable", reason: /broke off/},
    {id: "hangs", role: does(scripts.hang), kind: "unavailable", reason: /^it does not answer in time$/},
    {id: "hangs after the head", role: does(scripts.hangAfterHead), kind: "unavailable", reason: /^it does not answer in time$/},
    {id: "has trouble", role: does(scripts.json({}, 503)), kind: "unavailable", reason: /^it answers 503$/},
    {id: "redirects", role: does(scripts.redirect("http://127.0.0.1:9/")), kind: "unavailable", reason: /^it answers 307$/},
    {id: "answers too much", role: does(scripts.text(Buffer.alloc(65 * 1024, " "))), kind: "malformed", reason: /too long/},
    {id: "refuses with too much", role: does(scripts.text(Buffer.alloc(1e6), 400)), kind: "malformed", reason: /too long/},
    {id: "does not answer JSON", role: does(scripts.text("\u001b[2Jnot JSON")), kind: "malformed", reason: /is not JSON$/},
    {id: "answers something else", role: does(scripts.json({ipfs_hash: ipfsHash})), kind: "malformed", reason: /not what was/},
    {id: "has a hash for terminals", role: votes({ipfsHash: "\u001b[2J"}), kind: "malformed", reason: /not what was/},
    {id: "signs something else", role: lies, kind: "lying", reason: /lies/},
    {id: "approves for longer", role: votes({deadline: deadline + 1}), kind: "wrong deadline", reason: /later than/},
    {id: "approves until the past", role: votes({deadline: 1_700_000_000}), kind: "wrong deadline", reason: /is over/},
  ])("does not count an oracle that $id, and says so by its host", async ({role, kind, reason}) => {
    const {oracles, approve} = await createStage([role, votes(), votes()]);
    const outcome = await approve({minOracles: 3, timeoutMs: 2000});
    const {address, host} = oracles[0] as TestOracle;
    expect(outcome).toMatchObject({
      outcome: "lacking",
      needed: 3,
      failures: [{oracle: address, host, kind, reason: expect.stringMatching(reason)}],
    });
    const text = describeLack(outcome as Parameters<typeof describeLack>[0]);
    expect(text).toMatch(/^[ -~]+$/);
    expect(text).toContain(`${host}: `);
    expect(text).not.toMatch(/password|key=|http:/);
  });

  it("signs nothing together that oracles say of another hash or deadline", async () => {
    const other = {ipfsHash: "QmOther"};
    const earlier = {deadline: deadline - 5};
    const {oracles, approve} = await createStage([votes(other), votes(), votes(earlier), votes(), votes(other)]);
    const outcome = await approve({minOracles: 3});
    const hosts = oracles.map(({host}) => host);
    expect(outcome).toMatchObject({outcome: "lacking", failures: [], pending: expect.any(Number)});
    const {groups, pending} = outcome as Extract<typeof outcome, {outcome: "lacking"}>;
    for (const {terms: its, hosts: of} of groups) {
      const who = its.ipfsHash === other.ipfsHash ? [0, 4] : its.deadline === deadline ? [1, 3] : [2];
      expect(who.map((position) => hosts[position])).toEqual(expect.arrayContaining([...of]));
    }
    expect(groups.flatMap((group) => group.hosts)).toHaveLength(5 - pending);
  });

  it("takes an earlier deadline that enough oracles sign", async () => {
    const {oracles, approve} = await createStage([votes(), votes({deadline: deadline - 5}), votes({deadline: deadline - 5})]);
    const [, ...both] = oracles;
    const agreed = {ipfsHash, deadline: deadline - 5};
    expect(await approve({minOracles: 2})).toMatchObject({...agreed, signatures: await signaturesOf(both, digestOf(agreed))});
  });

  it("ends once too few are left, without waiting for one that hangs", async () => {
    const {approve} = await createStage([refuses, does(scripts.hang), refuses]);
    const outcome = await approve({timeoutMs: 60_000});
    expect(outcome).toMatchObject({outcome: "lacking", failures: [{kind: "refused"}, {kind: "refused"}], pending: 1});
    expect(describeLack(outcome as Parameters<typeof describeLack>[0])).toMatch(/^0 of 2 needed oracles: .*; 1 not waited for$/);
  });

  it("quotes an oracle in printable characters, briefly, and without signatures and shards of the request", async () => {
    const repeats = does((asked, response, request) =>
      scripts.text(JSON.stringify({error: `\u001b[2J\u202eno\n 0x${"e7".repeat(65)} ${asked.body.repeat(9)}`}), 400)(
        asked,
        response,
        request,
      ),
    );
    const {approve} = await createStage([repeats, repeats]);
    const {failures} = await approve();
    for (const {reason} of failures) {
      expect(reason).toMatch(/^it refuses: [ -~]{10,256}$/);
      expect(reason).not.toContain("e7e7");
    }
    expect(failures).not.toHaveLength(0);
  });

  it("ends with the signal, and goes away from all", async () => {
    const controller = new AbortController();
    const stops = does(() => controller.abort(new Error("stopped")));
    const {oracles, approve} = await createStage([stops, does(scripts.hang)]);
    const approving = approve({signal: controller.signal});
    await expect(approving).rejects.toThrow("stopped");
    await oracles[0]?.deserted;
    await expect(approve({signal: controller.signal})).rejects.toThrow("stopped");
  });

  it("names an oracle without an endpoint", async () => {
    const {oracles} = await createStage([votes(), votes(), votes()]);
    const config = configOf(oracles.map((oracle, position) => ({...oracle, endpoints: position === 0 ? [] : oracle.endpoints})));
    const {signal} = new AbortController();
    const {approveRegistration} = createApprovals({config, keeper, chainId});
    expect(await approveRegistration(registrationFor(3), {minOracles: 3, signal})).toMatchObject({
      outcome: "lacking",
      failures: [{oracle: oracles[0]?.address, host: "no host", kind: "unavailable"}],
    });
  });

  it.each([{minOracles: 0}, {minOracles: 1}, {minOracles: 4}])(
    "asks nobody if the Keeper wants $minOracles of 3",
    async ({minOracles}) => {
      const {oracles, approve} = await createStage([votes(), votes(), votes()]);
      await expect(approve({minOracles})).rejects.toMatchObject({code: "ORACLES_CONFIG_INVALID"});
      expect(oracles.flatMap(({asked}) => asked)).toEqual([]);
    },
  );

  it("throws for shards of another set, and for more validators than the config allows", async () => {
    const {approvals, signal} = await createStage([votes(), votes()]);
    const [registration] = registrationFor(2).registrations;
    const four = Array.from({length: 4}, () => registration as NonNullable<typeof registration>);
    const options = {minOracles: 2, signal};
    await expect(approvals.approveRegistration(registrationFor(3), options)).rejects.toThrow(/one shard for each of the 2/);
    await expect(approvals.approveRegistration(registrationFor(2, {registrations: four}), options)).rejects.toThrow(/for 4/);
  });
});

describe("approveRotation", () => {
  it("posts to signatures, and takes what signs the nonce", async () => {
    const digest = rotationDigest(verifier, {vault, nonce: 7n, ...terms});
    const rotates: Role = (oracle) => async (asked, response, request) =>
      scripts.json(await voteBody(oracle, terms, digest))(asked, response, request);
    const {oracles, approvals, signal} = await createStage([rotates, rotates]);
    const outcome = await approvals.approveRotation(rotationFor(2), {minOracles: 2, signal});
    expect(outcome).toMatchObject({outcome: "approved", ...terms, signatures: await signaturesOf(oracles, digest)});
    const [asked] = oracles[0]?.asked ?? [];
    expect(asked).toMatchObject({method: "POST", path: "/oracle/signatures?key=1"});
    expect(JSON.parse(asked?.body ?? "")).toEqual({
      vault_address: checksumVault,
      public_keys: ["0x01"],
      public_key_shards: [["0xa0", "0xa1"]],
      exit_signature_shards: [["0xb0", "0xb1"]],
      deadline,
    });
    expect(await approvals.approveRotation({...rotationFor(2), nonce: 8n}, {minOracles: 2, signal})).toMatchObject({
      outcome: "lacking",
      failures: [{kind: "lying"}],
    });
  });
});

describe("approveConsolidation", () => {
  it("posts to consolidate-validators, and takes what is signed for the checker", async () => {
    const digest = consolidationDigest({chainId, contract: checker}, {vault, validators});
    const consents: Role = (oracle) => async (asked, response, request) =>
      scripts.json({signature: await oracle.sign(digest)})(asked, response, request);
    const {oracles, approvals, signal} = await createStage([consents, refuses, consents]);
    const request = {vault, checker, targets: ["0x01"], validators};
    const signers = [oracles[0], oracles[2]] as TestOracle[];
    const outcome = await approvals.approveConsolidation(request, {minOracles: 2, signal});
    expect(outcome).toMatchObject({outcome: "approved", signatures: await signaturesOf(signers, digest)});
    const [asked] = oracles[0]?.asked ?? [];
    expect(asked).toMatchObject({method: "POST", path: "/oracle/consolidate-validators?key=1"});
    expect(JSON.parse(asked?.body ?? "")).toEqual({public_keys: ["0x01"], vault_address: checksumVault});
    const lacking = await approvals.approveConsolidation(request, {minOracles: 3, signal});
    expect(describeLack(lacking as Parameters<typeof describeLack>[0])).toContain("it refuses");
  });
});

const lists = (indexes: readonly number[]) => indexes.map((index) => ({index}));

describe("findOutdated", () => {
  const knows = (block: number | null, indexes: readonly number[]): Role =>
    does(scripts.json({exit_signature_block_number: block, validators: lists(indexes)}));

  it("finds what as many say as recover an exit, of oracles that know the last rotation", async () => {
    const {oracles, approvals, signal} = await createStage([
      knows(100, [5, 1]),
      knows(101, [1, 9, 9]),
      knows(99, [9]),
      knows(null, [9]),
      knows(100, [5, 1]),
    ]);
    const outcome = await approvals.findOutdated(vault, {minOracles: 3, sinceBlock: 100, signal});
    expect(outcome).toMatchObject({outcome: "found", indexes: [1, 5], disputed: [9]});
    expect(outcome.failures.map(({host, kind}) => ({host, kind}))).toEqual(
      expect.arrayContaining([2, 3].map((position) => ({host: oracles[position]?.host, kind: "behind"}))),
    );
    expect(oracles[0]?.asked).toMatchObject([{method: "GET", path: `/oracle/signatures/${checksumVault}?key=1`, body: ""}]);
  });

  it("lacks oracles that know the last rotation", async () => {
    const {oracles, approvals, signal} = await createStage([knows(100, []), knows(99, []), knows(101, [])]);
    const outcome = await approvals.findOutdated(vault, {minOracles: 3, sinceBlock: 100, signal});
    expect(outcome).toMatchObject({outcome: "lacking", needed: 3});
    expect(describeLack(outcome as Parameters<typeof describeLack>[0])).toContain(`${oracles[1]?.host}: it knows`);
  });

  it("needs no block of a vault that never rotated, but oracles that know the vault", async () => {
    const {approvals, signal} = await createStage([knows(1, [2]), knows(1, [2]), knows(null, [])]);
    const options = {minOracles: 2, sinceBlock: undefined, signal};
    expect(await approvals.findOutdated(vault, options)).toMatchObject({outcome: "found", indexes: [2]});
  });
});

describe("findExiting", () => {
  it("finds what as many say as recover an exit", async () => {
    const {oracles, approvals, signal} = await createStage([
      does(scripts.json(lists([3, 4]))),
      does(scripts.json(lists([4, 4, 6]))),
      refuses,
    ]);
    const outcome = await approvals.findExiting({signal});
    expect(outcome).toMatchObject({outcome: "found", indexes: [4], disputed: [3, 6], failures: [{kind: "refused"}]});
    expect(oracles[0]?.asked).toMatchObject([{method: "GET", path: "/oracle/exits?key=1"}]);
  });

  it("lacks answers of as many as recover an exit", async () => {
    const {approvals, signal} = await createStage([does(scripts.json(lists([3]))), refuses, does(scripts.json({index: 3}))]);
    expect(await approvals.findExiting({signal})).toMatchObject({outcome: "lacking", needed: 2});
  });
});
