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

export type StreamSpec = Partial<StreamConfig> & {
  name: StreamName;
  subjects: string[];
  retention: RetentionPolicy;
  max_age: number;
  /** A message may say how long it is kept; once allowed, for good. */
  allow_msg_ttl?: true;
};
export type ConsumerSpec = {stream: StreamName; config: Partial<ConsumerConfig> & {durable_name: string}};

const last = {retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, discard: DiscardPolicy.Old};
/** A sender that floods is stopped at its own subject's limit; it is told so and tries again. Nothing of others waits behind it. */
const quota = (max_msgs_per_subject: number) => ({
  retention: RetentionPolicy.Workqueue,
  max_msgs_per_subject,
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
});

/** What sidecars say to the aggregator, and what operators are told: the word in the subject. */
export const sidecarSubjectKinds = ["exit_shares", "exit_refusals", "deposit_shares", "deposit_refusals"] as const;
export const completionSubjectKinds = ["completions", "deposit_completions"] as const;

/** The streams, as data; how many copies of each, where that is said. docs/messages.md says what travels on them. */
export const streamSpecs = (replicas?: number): StreamSpec[] =>
  (
    [
      {name: "REQUESTS", subjects: ["dvt.v1.requests.*.*"], ...quota(200), max_age: hoursNs(24 * 7), max_msg_size: 320 * kib},
      {
        name: "EXIT_REQUESTS",
        subjects: ["dvt.v1.exit_requests.>"],
        ...last,
        max_age: hoursNs(24),
        max_msg_size: 4 * kib,
        allow_msg_ttl: true,
      },
      {
        name: "EXIT_SHARES",
        subjects: sidecarSubjectKinds.map((word) => `dvt.v1.${word}.*.*.*`),
        ...quota(20_000),
        max_age: hoursNs(24),
        max_msg_size: 4 * kib,
      },
      {
        name: "COMPLETIONS",
        subjects: completionSubjectKinds.map((word) => `dvt.v1.${word}.>`),
        ...last,
        max_age: hoursNs(24 * 7),
        max_msg_size: 512 * kib,
      },
      {
        name: "DEAD_LETTERS",
        subjects: ["dvt.v1.dead_letters.*.*"],
        retention: RetentionPolicy.Limits,
        max_msgs_per_subject: 10_000,
        discard: DiscardPolicy.Old,
        max_age: hoursNs(24 * 30),
        max_msg_size: 16 * kib,
      },
    ] satisfies StreamSpec[]
  ).map((spec) => ({...spec, storage: StorageType.File, ...(replicas !== undefined && {num_replicas: replicas})}));

/** Relayer and aggregator have a queue for each sender, so that none stands in the way of another. */
export const relayerDurable = (network: string, operatorId: string): string => `relayer-${network}-${operatorId}`;
export const aggregatorDurable = (network: string, clusterId: string, shareIndex: number): string =>
  `aggregator-${network}-${clusterId}-${shareIndex}`;
export const sidecarDurable = (clusterId: string, shareIndex: number): string => `sidecar-${clusterId}-${shareIndex}`;
export const operatorDurable = (operatorId: string): string => `operator-${operatorId}`;

/** Of all operators, those that there are now. */
export const relayerDurables = ({network, operators}: Participants): string[] =>
  operators.map(({id}) => relayerDurable(network, id));
/** Of all sidecars. */
export const aggregatorDurables = ({network, clusters}: Participants): string[] =>
  clusters.flatMap(({id, sidecars}) => sidecars.map(({shareIndex}) => aggregatorDurable(network, id, shareIndex)));

/** What a consumer takes from its stream: the server keeps one filter and several in different fields. */
export const filtersOf = ({filter_subject, filter_subjects}: Partial<ConsumerConfig>): string[] =>
  filter_subjects ?? (filter_subject === undefined ? [] : [filter_subject]);

/** One durable consumer for each who reads, made by an administrator: never by a role. */
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
      // Past a maximum a work queue's message would be stranded; what cannot succeed goes to DEAD_LETTERS instead.
      max_deliver: -1,
    },
  });
  return [
    ...operators.map(({id}) => consumer("REQUESTS", relayerDurable(network, id), `dvt.v1.requests.${network}.${id}`, 16)),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex}) =>
        consumer("EXIT_REQUESTS", sidecarDurable(id, shareIndex), `dvt.v1.exit_requests.${network}.${id}.>`, 1000),
      ),
    ),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex}) =>
        consumer(
          "EXIT_SHARES",
          aggregatorDurable(network, id, shareIndex),
          sidecarSubjectKinds.map((word) => `dvt.v1.${word}.${network}.${id}.${shareIndex}`),
          1000,
        ),
      ),
    ),
    ...operators.map(({id}) =>
      consumer(
        "COMPLETIONS",
        operatorDurable(id),
        completionSubjectKinds.map((word) => `dvt.v1.${word}.${network}.${id}.>`),
        1000,
      ),
    ),
  ];
}
