import type {StreamName} from "../../schemas/defineMessage.js";
import type {Participants} from "../participants/participants.js";
import {monitoredSubjects, systemAccount, toSystemAccount} from "./systemAccount.js";
import {
  aggregatorDurables,
  completionSubjectKinds,
  operatorDurable,
  operatorSubjectKinds,
  relayerDurables,
  sidecarDurable,
  sidecarSubjectKinds,
  streamSpecs,
} from "./topology.js";

/** The account that has the streams. */
export const coreAccount = "DVT";
/** The prefix under which participants reach JetStream's API: under $JS.API their own account would answer that it has no JetStream. */
export const participantApiPrefix = "dvt.js";
/** The prefix of a participant's inboxes, the only subjects that it can subscribe to. */
export const inboxPrefixOf = (participant: string): string => `_INBOX_${participant}`;

/** The subject on which a participant asks the relayers. */
export const queriesOf = (network: string, participant: string): string => `dvt.v2.queries.${network}.${participant}`;

/** The subject on which the administrator publishes participants.json. */
export const participantsSubjectOf = (network: string): string => `dvt.v2.participants.${network}`;

/** The subject on which whoever has this invitation enrols; `*` for all of them. */
export const enrolmentSubjectOf = (network: string, invitationId: string): string =>
  `dvt.v2.enrolments.${network}.${invitationId}`;

/** An invitation that nobody has used and that has not expired: its nkey may say once who enrols, and nothing else. */
export type OpenInvitation = {readonly id: string; readonly nkey: string};

/** The name of whoever uses this invitation, on its connection and for its inbox. */
export const inviteeOf = (invitationId: string): string => `enrol-${invitationId}`;

/** What one participant may do, and nothing else. */
type Access = {
  participant: string;
  nkey: string;
  /** Its consumers, on one stream. */
  consumes?: {stream: StreamName; durables: string[]};
  /** Subjects that streams store. */
  publishes: string[];
  /** The subject on which the relayers answer it. */
  asks?: string;
  /** Streams whose messages it may read one by one. */
  reads?: StreamName[];
  /** Streams whose state, and that of their consumers, it may read. */
  inspects?: StreamName[];
  /** Its limits, if they are not those of a process at work. */
  limits?: Limits;
};

type Limits = {max_connections: number; max_subscriptions: number; max_payload: number};

/** What everybody reads: who takes part. */
const reads: StreamName[] = ["PARTICIPANTS"];

/** The rights of each participant but the administrator: its account lets it consume and publish nothing else. */
export function accessOf(participants: Participants): Access[] {
  const {network, relayer, aggregator, operators, viewers, clusters} = participants;
  const deadLetters = (stream: StreamName, participant: string): string => `dvt.v2.dead_letters.${stream}.${participant}`;
  const completions = completionSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.>`);
  const access = (participant: string, nkey: string, stream: StreamName, durables: string[], publishes: string[]): Access => ({
    participant,
    nkey,
    consumes: {stream, durables},
    reads,
    publishes: [...publishes, deadLetters(stream, participant), `dvt.v2.presence.${network}.${participant}`],
  });
  const asking = (participant: string) => ({asks: queriesOf(network, participant)});
  return [
    {
      ...access("relayer", relayer.nkey, "REQUESTS", relayerDurables(participants), [
        `dvt.v2.exit_requests.${network}.>`,
        ...completions,
      ]),
      reads: [...reads, "DEAD_LETTERS", "PRESENCE"],
      inspects: streamSpecs().map(({name}) => name),
    },
    access("aggregator", aggregator.nkey, "EXIT_SHARES", aggregatorDurables(participants), completions),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex, nkey}) =>
        access(
          `sidecar-${id}-${shareIndex}`,
          nkey,
          "EXIT_REQUESTS",
          [sidecarDurable(id, shareIndex)],
          sidecarSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.${id}.${shareIndex}`),
        ),
      ),
    ),
    ...operators.map(
      ({id, nkey}): Access => ({
        ...access(
          `operator-${id}`,
          nkey,
          "COMPLETIONS",
          [operatorDurable(id)],
          [...operatorSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.${id}`), `dvt.v2.registrations.${network}.${id}.>`],
        ),
        reads: [...reads, "REGISTRATIONS"],
        ...asking(`operator-${id}`),
      }),
    ),
    ...viewers.map(({id, nkey}) => ({participant: `viewer-${id}`, nkey, publishes: [], reads, ...asking(`viewer-${id}`)})),
  ];
}

/** Who may ask the relayers, and on which subject. */
export const askersOf = (participants: Participants): {participant: string; nkey: string; asks: string}[] => [
  {participant: "admin", nkey: participants.admin.nkey, asks: queriesOf(participants.network, "admin")},
  ...accessOf(participants).flatMap(({participant, nkey, asks}) => (asks === undefined ? [] : [{participant, nkey, asks}])),
];

/** One message of its own subject, and nothing to read. */
const toInvitee = ({id, nkey}: OpenInvitation, network: string): Access => ({
  participant: inviteeOf(id),
  nkey,
  publishes: [enrolmentSubjectOf(network, id)],
  limits: {max_connections: 2, max_subscriptions: 16, max_payload: 8192},
});

type Export = {service: string; accounts: string[]; response_type?: "stream"};
type Import = {service: {account: string; subject: string}; to?: string};

const jetStreamSubjects = ({consumes: {stream, durables} = {stream: "REQUESTS", durables: []}}: Access) =>
  durables.map((durable) => ({
    info: `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    next: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    ack: `$JS.ACK.${stream}.${durable}.>`,
  }));

const readSubjects = ({reads = [], inspects = []}: Access): string[] => [
  ...reads.map((stream) => `$JS.API.STREAM.MSG.GET.${stream}`),
  ...inspects.flatMap((stream) => [`$JS.API.STREAM.INFO.${stream}`, `$JS.API.CONSUMER.LIST.${stream}`]),
];

const accountNameOf = ({participant}: Pick<Access, "participant">): string =>
  participant === "admin" ? coreAccount : participant.toUpperCase();

const relayerAccount = accountNameOf({participant: "relayer"});
const toMonitor = (service: string): Export => ({service, accounts: [systemAccount]});
const importOf = (account: string, subject: string): Import => ({service: {account, subject}});

/**
 * The accounts section of nats.conf: streams and administrator in one account, every participant in an account of its own that
 * reaches only its own consumer and subjects, whoever uses an open invitation too, the monitor and the server administrator in NATS's own
 * account. It holds public keys only.
 */
export function toAccountsConfig(participants: Participants, openInvitations: readonly OpenInvitation[] = []): string {
  const accesses = [...accessOf(participants), ...openInvitations.map((it) => toInvitee(it, participants.network))];
  const askers = askersOf(participants);
  const {monitor, serverAdmin} = participants;
  const streams = {account: coreAccount, prefix: participantApiPrefix};
  const accounts = {
    [coreAccount]: {
      jetstream: "enabled",
      users: [{nkey: participants.admin.nkey}],
      exports: [...toExports(accesses), ...(monitor ? monitoredSubjects.map(toMonitor) : [])],
      imports: askers.filter((it) => accountNameOf(it) === coreAccount).map(({asks}) => importOf(relayerAccount, asks)),
    },
    ...Object.fromEntries(accesses.map((access) => [accountNameOf(access), toAccount(access, participants.network, askers)])),
    ...((monitor ?? serverAdmin) && {[systemAccount]: toSystemAccount({monitor, serverAdmin, streams, inboxPrefixOf})}),
  };
  return [
    "# Generated from participants.json by `dvt nats config`: edits are overwritten. It holds public keys only.",
    `accounts: ${JSON.stringify(accounts, undefined, 2)}`,
    "",
  ].join("\n");
}

function toExports(accesses: readonly Access[]): Export[] {
  const publishers = new Map<string, string[]>();
  for (const access of accesses) {
    for (const subject of access.publishes) publishers.set(subject, [...(publishers.get(subject) ?? []), accountNameOf(access)]);
  }
  return [
    ...accesses.flatMap((access): Export[] => {
      const accounts = [accountNameOf(access)];
      // Without response_type stream, only the first message of a pull would arrive.
      return [
        ...jetStreamSubjects(access).flatMap(({info, next, ack}): Export[] => [
          {service: info, accounts},
          {service: next, accounts, response_type: "stream"},
          {service: ack, accounts},
        ]),
        ...readSubjects(access).map((service) => ({service, accounts})),
      ];
    }),
    ...[...publishers].map(([service, accounts]) => ({service, accounts})),
  ];
}

const renamed = (subject: string): string => subject.replace("$JS.API", participantApiPrefix);

function toAccount(access: Access, network: string, askers: ReturnType<typeof askersOf>): object {
  const {participant, nkey, publishes, asks} = access;
  const subjects = jetStreamSubjects(access);
  // Each consumer that a process pulls from is a subscription; several processes may pull side by side.
  const ofProcesses = {max_connections: 16, max_subscriptions: 256 + 16 * subjects.length, max_payload: 1_048_576};
  const api = [...subjects.flatMap(({info, next}) => [info, next]), ...readSubjects(access)];
  const isRelayer = participant === "relayer";
  const answered = isRelayer ? [queriesOf(network, "*")] : [];
  const asked = asks === undefined ? [] : [asks];
  return {
    users: [
      {
        nkey,
        permissions: {
          publish: {allow: [...api.map(renamed), ...subjects.map(({ack}) => ack), ...publishes, ...asked]},
          subscribe: {allow: [`${inboxPrefixOf(participant)}.>`, ...answered]},
          // One reply to each question, and to nothing else.
          ...(isRelayer && {allow_responses: true}),
        },
      },
    ],
    ...(isRelayer && {exports: askers.map((it) => ({service: it.asks, accounts: [accountNameOf(it)]}))}),
    imports: [
      ...api.map((subject) => ({...importOf(coreAccount, subject), to: renamed(subject)})),
      ...[...subjects.map(({ack}) => ack), ...publishes].map((subject) => importOf(coreAccount, subject)),
      ...asked.map((subject) => importOf(relayerAccount, subject)),
    ],
    limits: access.limits ?? ofProcesses,
  };
}
