import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import type {Participants} from "../participants/participants.js";

const hoursNs = (hours: number): number => hours * 3600 * 1e9;
const kib = 1024;

/** A stream as it should be on the server. */
export type StreamSpec = Partial<StreamConfig> & {
  name: StreamName;
  subjects: string[];
  retention: RetentionPolicy;
  max_age: number;
  /** Messages may have a time to live of their own; once allowed, this cannot be undone. */
  allow_msg_ttl?: true;
};
/** A durable consumer as it should be on the server. */
export type ConsumerSpec = {stream: StreamName; config: Partial<ConsumerConfig> & {durable_name: string}};

const lastPerSubject = {retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, discard: DiscardPolicy.Old};
/** A sender that floods reaches the limit of its own subject and gets an error; others are not affected. */
const firstPerSubject = (max_msgs_per_subject: number) => ({
  max_msgs_per_subject,
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
});
/** The sender retries later, when earlier messages have been settled. */
const quota = (max_msgs_per_subject: number) => ({
  retention: RetentionPolicy.Workqueue,
  ...firstPerSubject(max_msgs_per_subject),
});

/** The kinds of messages that operators publish, as named in subjects. */
export const operatorSubjectKinds = ["requests", "receipts"] as const;
/** The kinds of messages that sidecars publish, as named in subjects. */
export const sidecarSubjectKinds = ["exit_shares", "exit_refusals", "deposit_shares", "deposit_refusals"] as const;
/** The kinds of messages that operators receive, as named in subjects. */
export const completionSubjectKinds = ["completions", "deposit_completions"] as const;

/** The streams, with `replicas` copies of each if given. docs/messages.md has the messages of each. */
export const streamSpecs = (replicas?: number): StreamSpec[] =>
  (
    [
      {
        name: "REQUESTS",
        subjects: operatorSubjectKinds.map((kind) => `dvt.v2.${kind}.*.*`),
        ...quota(200),
        max_age: hoursNs(24 * 7),
        max_msg_size: 320 * kib,
      },
      {
        name: "EXIT_REQUESTS",
        subjects: ["dvt.v2.exit_requests.>"],
        ...lastPerSubject,
        max_age: hoursNs(24),
        max_msg_size: 32 * kib,
        allow_msg_ttl: true,
      },
      {
        name: "EXIT_SHARES",
        subjects: sidecarSubjectKinds.map((kind) => `dvt.v2.${kind}.*.*.*`),
        ...quota(1280),
        max_age: hoursNs(24),
        max_msg_size: 64 * kib,
      },
      {
        name: "COMPLETIONS",
        subjects: completionSubjectKinds.map((kind) => `dvt.v2.${kind}.>`),
        ...lastPerSubject,
        max_age: hoursNs(24 * 7),
        max_msg_size: 512 * kib,
      },
      {
        name: "DEAD_LETTERS",
        subjects: ["dvt.v2.dead_letters.*.*"],
        retention: RetentionPolicy.Limits,
        max_msgs_per_subject: 10_000,
        discard: DiscardPolicy.Old,
        max_age: hoursNs(24 * 30),
        max_msg_size: 16 * kib,
      },
      {
        name: "PRESENCE",
        subjects: ["dvt.v2.presence.*.*"],
        ...lastPerSubject,
        max_age: hoursNs(24 * 30),
        max_msg_size: 8 * kib,
      },
      {
        name: "PARTICIPANTS",
        subjects: ["dvt.v2.participants.*"],
        ...lastPerSubject,
        max_age: 0,
        max_msg_size: 520 * kib,
      },
      {
        name: "ENROLMENTS",
        subjects: ["dvt.v2.enrolments.*.*"],
        // An invitation is used once: the first enrolment stays, and a second is refused.
        retention: RetentionPolicy.Limits,
        ...firstPerSubject(1),
        max_age: hoursNs(24 * 30),
        max_msg_size: 8 * kib,
      },
      {
        name: "REGISTRATIONS",
        subjects: ["dvt.v2.registrations.*.*.*"],
        ...lastPerSubject,
        // An operator may write about any vault. Whoever fills the stream keeps others from beginning, and drops nobody's transaction.
        max_msgs: 1000,
        discard: DiscardPolicy.New,
        max_age: hoursNs(24 * 30),
        max_msg_size: 120 * kib,
      },
    ] satisfies StreamSpec[]
  ).map((spec) => ({...spec, storage: StorageType.File, ...(replicas !== undefined && {num_replicas: replicas})}));

/** Names of durable consumers. Relayer and aggregator have one for each sender, so that no sender delays another. */
export const relayerDurable = (network: string, operatorId: string): string => `relayer-${network}-${operatorId}`;
export const aggregatorDurable = (network: string, clusterId: string, shareIndex: number): string =>
  `aggregator-${network}-${clusterId}-${shareIndex}`;
export const sidecarDurable = (clusterId: string, shareIndex: number): string => `sidecar-${clusterId}-${shareIndex}`;
export const operatorDurable = (operatorId: string): string => `operator-${operatorId}`;

/** The relayer's consumers, one for each operator. */
export const relayerDurables = ({network, operators}: Participants): string[] =>
  operators.map(({id}) => relayerDurable(network, id));
/** The aggregator's consumers, one for each sidecar. */
export const aggregatorDurables = ({network, clusters}: Participants): string[] =>
  clusters.flatMap(({id, sidecars}) => sidecars.map(({shareIndex}) => aggregatorDurable(network, id, shareIndex)));

/** The subjects that a consumer filters by: the server has one filter and several in different fields. */
export const filtersOf = ({filter_subject, filter_subjects}: Partial<ConsumerConfig>): string[] =>
  filter_subjects ?? (filter_subject === undefined ? [] : [filter_subject]);

/** All durable consumers. Only an administrator creates them, never a role. */
export function consumerSpecs({network, clusters, operators}: Participants, ackWaitMs: number): ConsumerSpec[] {
  const consumer = (
    stream: StreamName,
    durable_name: string,
    filter: string | string[],
    max_ack_pending: number,
  ): ConsumerSpec => ({
    stream,
    config: {
      durable_name,
      ...(typeof filter === "string" ? {filter_subject: filter} : {filter_subjects: filter}),
      max_ack_pending,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ackWaitMs * 1e6,
      deliver_policy: DeliverPolicy.All,
      // Past a maximum, a work queue's message would be stranded; messages that cannot succeed go to DEAD_LETTERS instead.
      max_deliver: -1,
    },
  });
  return [
    ...operators.map(({id}) =>
      consumer(
        "REQUESTS",
        relayerDurable(network, id),
        operatorSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.${id}`),
        16,
      ),
    ),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex}) =>
        consumer("EXIT_REQUESTS", sidecarDurable(id, shareIndex), `dvt.v2.exit_requests.${network}.${id}.>`, 1000),
      ),
    ),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex}) =>
        consumer(
          "EXIT_SHARES",
          aggregatorDurable(network, id, shareIndex),
          sidecarSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.${id}.${shareIndex}`),
          1000,
        ),
      ),
    ),
    ...operators.map(({id}) =>
      consumer(
        "COMPLETIONS",
        operatorDurable(id),
        completionSubjectKinds.map((kind) => `dvt.v2.${kind}.${network}.${id}.>`),
        1000,
      ),
    ),
  ];
}
