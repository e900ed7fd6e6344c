import type {StreamName} from "../../schemas/defineMessage.js";
import type {Participants} from "../participants/participants.js";
import {
  aggregatorDurables,
  completionSubjectKinds,
  operatorDurable,
  relayerDurables,
  sidecarDurable,
  sidecarSubjectKinds,
} from "./topology.js";

/** The account that has the streams. */
export const coreAccount = "DVT";
/** The prefix under which participants reach JetStream's API: under $JS.API their own account would answer that it has no JetStream. */
export const participantApiPrefix = "dvt.js";
/** The prefix of a participant's inboxes, the only subjects that it can subscribe to. */
export const inboxPrefixOf = (participant: string): string => `_INBOX_${participant}`;

/** The consumers and subjects of one participant; `reads`: streams whose messages it may get one by one. */
type Access = {
  participant: string;
  nkey: string;
  stream: StreamName;
  durables: string[];
  publishes: string[];
  reads: StreamName[];
};

/** The rights of each participant: its account lets it consume and publish nothing else. */
export function accessOf(participants: Participants): Access[] {
  const {network, relayer, aggregator, operators, clusters} = participants;
  const deadLetters = (stream: StreamName, participant: string): string => `dvt.v2.dead_letters.${stream}.${participant}`;
  const completions = completionSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.>`);
  const access = (
    participant: string,
    nkey: string,
    stream: StreamName,
    durables: string[],
    publishes: string[],
    reads: StreamName[] = [],
  ): Access => ({
    participant,
    nkey,
    stream,
    durables,
    publishes: [...publishes, deadLetters(stream, participant), `dvt.v2.presence.${network}.${participant}`],
    reads,
  });
  return [
    access(
      "relayer",
      relayer.nkey,
      "REQUESTS",
      relayerDurables(participants),
      [`dvt.v2.exit_requests.${network}.>`, ...completions],
      ["PRESENCE"],
    ),
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
    ...operators.map(({id, nkey}) =>
      access(`operator-${id}`, nkey, "COMPLETIONS", [operatorDurable(id)], [`dvt.v2.requests.${network}.${id}`]),
    ),
  ];
}

type Export = {service: string; accounts: string[]; response_type?: "stream"};

const jetStreamSubjects = ({stream, durables}: Access) =>
  durables.map((durable) => ({
    info: `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    next: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    ack: `$JS.ACK.${stream}.${durable}.>`,
  }));

const readSubjects = ({reads}: Access): string[] => reads.map((stream) => `$JS.API.STREAM.MSG.GET.${stream}`);

const accountNameOf = ({participant}: Access): string => participant.toUpperCase();

/**
 * The accounts section of nats.conf: streams and administrator in one account, every participant in an account of its own that
 * reaches only its own consumer and subjects. It holds public keys only.
 */
export function toAccountsConfig(participants: Participants): string {
  const accesses = accessOf(participants);
  const accounts = {
    [coreAccount]: {jetstream: "enabled", users: [{nkey: participants.admin.nkey}], exports: toExports(accesses)},
    ...Object.fromEntries(accesses.map((access) => [accountNameOf(access), toAccount(access)])),
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
      return jetStreamSubjects(access).flatMap(({info, next, ack}): Export[] => [
        {service: info, accounts},
        {service: next, accounts, response_type: "stream"},
        {service: ack, accounts},
      ]);
    }),
    ...accesses.flatMap((access) => readSubjects(access).map((service) => ({service, accounts: [accountNameOf(access)]}))),
    ...[...publishers].map(([service, accounts]) => ({service, accounts})),
  ];
}

function toAccount(access: Access): object {
  const subjects = jetStreamSubjects(access);
  const renamed = (subject: string): string => subject.replace("$JS.API", participantApiPrefix);
  const from = (subject: string): object => ({service: {account: coreAccount, subject}});
  return {
    users: [
      {
        nkey: access.nkey,
        permissions: {
          publish: {
            allow: [
              ...subjects.flatMap(({info, next, ack}) => [renamed(info), renamed(next), ack]),
              ...readSubjects(access).map(renamed),
              ...access.publishes,
            ],
          },
          subscribe: {allow: [`${inboxPrefixOf(access.participant)}.>`]},
        },
      },
    ],
    imports: [
      ...subjects.flatMap(({info, next, ack}) => [
        {...from(info), to: renamed(info)},
        {...from(next), to: renamed(next)},
        from(ack),
      ]),
      ...readSubjects(access).map((read) => ({...from(read), to: renamed(read)})),
      ...access.publishes.map(from),
    ],
    // Each consumer that a process pulls from is a subscription; several processes may pull side by side.
    limits: {max_connections: 16, max_subscriptions: 256 + 16 * subjects.length, max_payload: 1_048_576},
  };
}
