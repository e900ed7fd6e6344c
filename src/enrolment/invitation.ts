import {randomBytes, scryptSync} from "node:crypto";
import {type Static, Type} from "typebox";
import {Bytes32, Id, Network, Nkey, patterns, ShareIndex} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {createSeed} from "../messaging/identity.js";
import {problemsOf} from "../runtime/problems.js";
import {toShortText} from "../runtime/shortText.js";

const strict = {additionalProperties: false};
const Named = Type.Object({id: Id, nkey: Nkey}, strict);

/** The cluster that a node is invited to: what the node compares with its own files before it says anything. */
const InvitedCluster = Type.Object(
  {
    id: Id,
    type: Type.Enum(["OBOL", "SSV"]),
    definition_hash: Bytes32,
    share_index: ShareIndex,
    operators: Type.Array(Named, {minItems: 1, maxItems: 32}),
    /** A cluster in SSV's contract, which no file defines. */
    on_chain: Type.Optional(
      Type.Object(
        {
          ssv_operator_ids: Type.Array(ShareIndex, {maxItems: 13, uniqueItems: true}),
          ssv_owners: Type.Optional(Type.Array(Type.String({pattern: patterns.address}), {minItems: 1, maxItems: 64})),
        },
        strict,
      ),
    ),
  },
  strict,
);

const common = {
  v: Type.Literal(1),
  id: Type.String({pattern: "^[0-9a-f]{32}$"}),
  network: Network,
  bus: Type.Object(
    {url: Type.String({minLength: 1, maxLength: 512}), ca: Type.Optional(Type.String({minLength: 1, maxLength: 6000}))},
    strict,
  ),
  admin: Nkey,
  aggregator: Type.Object(
    {nkey: Nkey, encryption_keys: Type.Array(Type.String({pattern: patterns.secp256k1Key}), {minItems: 1, maxItems: 16})},
    strict,
  ),
  /** Seconds since 1970-01-01T00:00:00Z. */
  expires: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}),
};

const Public = Type.Union([
  Type.Object({...common, kind: Type.Literal("sidecar"), cluster: InvitedCluster}, strict),
  Type.Object({...common, kind: Type.Literal("operator"), name: Id}, strict),
  Type.Object({...common, kind: Type.Literal("viewer"), name: Id}, strict),
]);

/** An invitation without its secret: whom it is for, where the bus is, and whom the invited may trust. */
export type PublicInvitation = Static<typeof Public>;
/** An invitation: the secret is the seed of an nkey that may say one thing, once. */
export type Invitation = PublicInvitation & {readonly secret: string};

const prefix = "dvt1:";
/** The longest text of an invitation. */
export const maxInvitationBytes = 8192;

/** A new invitation's id, and the nkey that may use it. */
export function newInvitationKeys(): {id: string; secret: string; nkey: string} {
  const {seed, nkey} = createSeed();
  return {id: randomBytes(16).toString("hex"), secret: seed, nkey};
}

const toPublicText = ({secret: _, ...rest}: Invitation): string => Buffer.from(JSON.stringify(rest)).toString("base64url");

/** The text of an invitation: `dvt1:`, what everybody may know in base64url, a dot, the secret. INVITATION_INVALID if it is too long. */
export function toInvitationText(invitation: Invitation): string {
  const text = `${prefix}${toPublicText(invitation)}.${invitation.secret}`;
  if (text.length <= maxInvitationBytes) return text;
  const limit = `${text.length} characters, of at most ${maxInvitationBytes}`;
  throw new DvtError(
    "INVITATION_INVALID",
    `write the invitation: it has ${limit}; NATS_CA_FILE should hold the authority's certificate and nothing else`,
  );
}

/** An invitation's text, read. */
export type ReadInvitation = {
  readonly invitation: Invitation;
  /** XXXX-XXXX-XXXX of everything but the secret: two who see the same one have the same invitation. */
  readonly fingerprint: string;
};

/** Reads the text of an invitation, however its lines were broken. INVITATION_INVALID says what is wrong, and never quotes the text. */
export function readInvitation(text: string): ReadInvitation {
  const whole = text.replace(/\s/g, "");
  const [, publicText, secret] = /^dvt1:([A-Za-z0-9_-]+)\.(SU[A-Z2-7]{56})$/.exec(whole) ?? [];
  if (whole.length > maxInvitationBytes || publicText === undefined || secret === undefined) throw invalid(problemOf(whole));
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(publicText, "base64url").toString());
  } catch {
    throw invalid("a part of it was changed or is missing; copy it again");
  }
  const isNewer = typeof value === "object" && value !== null && "v" in value && value.v !== 1;
  if (isNewer) throw invalid("it is of another version of dvt; update this one");
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const schema = Public.anyOf.find(({properties}) => properties.kind.const === kind);
  if (!schema) throw invalid("it is for nothing that this version of dvt knows; update it");
  const problems = problemsOf(schema, value);
  if (problems.length > 0) throw invalid(`\n  ${problems.join("\n  ")}`);
  return {invitation: {...(value as PublicInvitation), secret}, fingerprint: fingerprintOf(publicText)};
}

function problemOf(text: string): string {
  if (text.length > maxInvitationBytes)
    return `it has ${text.length} characters; an invitation has at most ${maxInvitationBytes}`;
  if (!text.startsWith(prefix)) return "it does not begin with dvt1: as an invitation does";
  return "it ends too early, or a part of it was changed; copy it again";
}

const invalid = (problem: string): DvtError => new DvtError("INVITATION_INVALID", `read the invitation: ${problem}`);

/** The fingerprint of an invitation that was just made. */
export const invitationFingerprint = (invitation: Invitation): string => fingerprintOf(toPublicText(invitation));

/** scrypt makes the search for another invitation with these 60 bits, a matter of hours with SHA-256 on rented machines, one of ages. */
const fingerprintOf = (publicText: string): string =>
  toShortText(scryptSync(publicText, "dvt.v2.invitation", 8, {N: 2 ** 14, r: 8, p: 1}));

/** What an invitation is for, as people and participants.json name it: sidecar-alpha-1, operator-acme, viewer-ops. */
export const participantOf = (invitation: PublicInvitation): string =>
  invitation.kind === "sidecar"
    ? `sidecar-${invitation.cluster.id}-${invitation.cluster.share_index}`
    : `${invitation.kind}-${invitation.name}`;
