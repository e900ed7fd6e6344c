import {type Answer, answer} from "../../../schemas/answer.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {aDeposit, anAnswer, describeMessage, invalidOf} from "../../support/examples/messages.js";
import {aClusterStatus, aMissing, anExitLine, anExitStory, aShareIndex, aStatus, at} from "../../support/examples/status.js";

const hash = `0x${"ef".repeat(32)}`;
const server = {state: "ok", since: at} as const;
const wait = {code: "RATE_LIMITED", since: at, exits: 1};
const lack = {share_index: 1, why: "waits", code: "RATE_LIMITED", since: at} as const;
const line = anExitLine({lacks: [lack], issues: 2, completed_at: at, is_taken: true});
const letter = {
  at,
  seq: 7,
  stream: "REQUESTS",
  participant: "operator-op-1",
  code: "ORDER_INVALID",
  reason: "decode exit batch: it is not signed",
  exit: `hoodi:${line.public_key}:1000`,
  count: 1,
  todo: "Find out who sends it.",
};
const exit = anExitStory({
  ...line,
  requesters: [{operator_id: "acme", requested_at: at, order_id: hash, taken_at: at}],
  refusals: [{share_index: 4, at, code: "INDEX_LIMIT", reason: "above the limit"}],
  threshold_at: at,
  published_at: at,
  oracles_config_hash: hash,
  superseded_by: 1001,
  superseded_at: at,
  deposit: {...aDeposit(), is_signed: true},
});
const clocks = {clock_offset_ms: -3, loop_delay_ms: 2};
const status = aStatus({
  alarms: [{kind: "share_index_waits", cluster_id: "alpha", share_index: 1, since: at, text: "it waits", todo: "Wait."}],
  clusters: [
    aClusterStatus({
      share_indexes: [
        aShareIndex(1, {
          since: at,
          refused: [{code: "INDEX_LIMIT", exits: 1}],
          waits: [wait],
          beacon: server,
          signer: server,
          clock_offset_ms: -3,
          latest: ["signed"],
        }),
      ],
      exits: {open: 1, oldest_opened_at: at, not_taken: 0, completed_today: 1, median_ms: 40, p95_ms: 40, per_minute: [1]},
      missing: [aMissing({lacks: [lack]})],
      beyond: 1,
    }),
  ],
  roles: [
    {
      participant: "relayer",
      role: "relayer",
      instance: "0a1b2c3d",
      state: "here",
      version: "0.1.0",
      started_at: at,
      last_seen: at,
      waits: [wait],
      oracles_config_hash: hash,
      oracles_since: at,
      ...clocks,
    },
  ],
  oracles: {config_hash: hash, oracles: 5, threshold: 3, source: "chain", since: at, checked_at: at},
  dead_letters: {total: 1, last_hour: 0, newest_at: at},
  results_owed: {results: 1, oldest_since: at},
  keys_left: [{vault: `0x${"a1".repeat(20)}`, keys: 9}],
  streams: [
    {
      stream: "REQUESTS",
      messages: 1,
      bytes: 100,
      consumers: [{name: "relayer", waiting: 1, ack_pending: 0, redelivered: 0, connected: true}],
    },
  ],
  cut: true,
});

/** Everything but what may be missing, by where it is. */
const invalidIn = (
  reply: Answer["reply"],
  optional: Readonly<Record<string, readonly string[]>> = {},
  alsoValid: string[] = [],
) => {
  const valid = [
    ...Object.entries(optional).flatMap(([place, names]) => names.map((it) => `no ${it} in ${place}`)),
    ...alsoValid,
  ];
  return invalidOf(anAnswer(reply)).filter(({id}) => !valid.includes(id));
};
const ofLine = ["issues", "completed_at", "is_taken"];
const ofLack = ["code", "since"];
const replying = (reply: object): object => ({...anAnswer(), reply});
const problem = {kind: "problem", code: "INTERNAL", reason: "the relayer's log says why"} as const;

describeMessage(answer as Message, {
  valid: [
    {id: "no exit", payload: anAnswer()},
    {id: "an empty status", payload: anAnswer({kind: "status", status: aStatus({clusters: []})})},
    {id: "every field of a status", payload: anAnswer({kind: "status", status})},
    {id: "an exit", payload: anAnswer({kind: "exit", exit: anExitStory()})},
    {id: "every field of an exit", payload: anAnswer({kind: "exit", exit})},
    {id: "an empty page", payload: anAnswer({kind: "exits", page: {at, exits: []}})},
    {id: "a page of 200 exits", payload: anAnswer({kind: "exits", page: {at, exits: Array(200).fill(line), cursor: "7"}})},
    {id: "dead letters", payload: anAnswer({kind: "dead_letters", page: {at, letters: [letter], cursor: "7"}})},
    {id: "a problem", payload: anAnswer(problem)},
  ],
  invalid: [
    ...invalidIn(
      {kind: "status", status},
      {
        "reply.status": ["oracles", "dead_letters", "results_owed", "cut"],
        "reply.status.alarms[]": ["cluster_id", "share_index", "since"],
        "reply.status.clusters[]": ["beyond"],
        "reply.status.clusters[].share_indexes[]": [
          ...["since", "last_seen", "last_signed", "key_shares", "version", "beacon", "signer", "clock_offset_ms"],
        ],
        "reply.status.clusters[].exits": ["oldest_opened_at", "median_ms", "p95_ms"],
        "reply.status.clusters[].missing[].lacks[]": ofLack,
        "reply.status.roles[]": ["oracles_config_hash", "oracles_since", "clock_offset_ms", "loop_delay_ms"],
        "reply.status.oracles": ["checked_at"],
        "reply.status.dead_letters": ["newest_at"],
        "reply.status.results_owed": ["oldest_since"],
      },
    ),
    ...invalidIn(
      {kind: "exit", exit},
      {
        reply: ["exit"],
        "reply.exit": [
          ...ofLine,
          ...["issued_at", "reissued_at", "threshold_at", "published_at", "oracles_config_hash"],
          ...["superseded_by", "superseded_at", "deposit"],
        ],
        "reply.exit.lacks[]": ofLack,
        "reply.exit.requesters[]": ["taken_at"],
        "reply.exit.refusals[]": ["at"],
      },
      // Nobody refused; and at most one refusal of each share index is stored.
      ["no refusals", "65 refusals"],
    ),
    ...invalidIn(
      {kind: "exits", page: {at, exits: [line], cursor: "7"}},
      {"reply.page": ["cursor"], "reply.page.exits[]": ofLine, "reply.page.exits[].lacks[]": ofLack},
      ["no exits", "65 exits"],
    ),
    ...invalidIn(
      {kind: "dead_letters", page: {at, letters: [letter], cursor: "7"}},
      {"reply.page": ["cursor"], "reply.page.letters[]": ["exit"]},
    ),
    ...invalidIn(problem),
    {id: "an unknown reply", payload: replying({kind: "secrets"})},
    {id: "the field of another reply", payload: replying({...problem, exit})},
    {id: "a reason of two lines", payload: replying({...problem, reason: "one\ntwo"})},
    {id: "a code that is a sentence", payload: replying({...problem, code: "it is away"})},
    {id: "an unknown state", payload: replying({kind: "exit", exit: {...exit, state: "lost"}})},
    {
      id: "a refusal that moves the cursor",
      payload: replying({kind: "exit", exit: {...exit, refusals: [{...exit.refusals[0], reason: "\u001b[2J"}]}}),
    },
    {
      id: "a share in a list",
      payload: replying({kind: "exits", page: {at, exits: [{...line, signature: `0x${"cd".repeat(96)}`}]}}),
    },
    {id: "a query of 31 bytes", payload: {...anAnswer(), query: `0x${"1b".repeat(31)}`}},
    {id: "a participant with a dot", payload: {...anAnswer(), participant: "viewer.v-1"}},
  ],
});
