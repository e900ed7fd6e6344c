import type {PublishedParticipants} from "../../../schemas/participants.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import type {Participants} from "../../../src/participants/participants.js";
import {toHex} from "../../../src/runtime/hex.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** What looks like a public nkey, another for every number. */
export const anNkey = (number = 0): string =>
  `U${"A".repeat(53)}${letters[Math.floor(number / letters.length)]}${letters[number % letters.length]}`;

/** These share indexes, each with an nkey of its own. */
export const sidecarsOf = (shareIndexes: readonly number[], first = 100): {shareIndex: number; nkey: string}[] =>
  shareIndexes.map((shareIndex, position) => ({shareIndex, nkey: anNkey(first + position)}));

type Some = Pick<Participants, "network" | "clusters"> & {operatorIds: readonly string[]};

export const someParticipants = ({network, clusters, operatorIds}: Some): Participants => ({
  network,
  admin: {nkey: anNkey(0)},
  relayer: {nkey: anNkey(1)},
  aggregator: {nkey: anNkey(2)},
  operators: operatorIds.map((id, position) => ({id, nkey: anNkey(3 + position)})),
  viewers: [],
  aggregatorKeys: [],
  clusters,
});

/** participants.json of one cluster, whose operators may ask. */
export const aParticipantsFile = ({operatorIds = ["acme"]} = {}): object => ({
  network: "hoodi",
  admin: {nkey: anNkey(0)},
  relayer: {nkey: anNkey(1)},
  aggregator: {nkey: anNkey(2), encryption_keys: [toHex(publicKeyOf(new Uint8Array(32).fill(1)))]},
  operators: operatorIds.map((id, position) => ({id, nkey: anNkey(10 + position)})),
  clusters: [{id: "alpha", definition: "lock.json", operators: operatorIds, sidecars: [{share_index: 1, nkey: anNkey(4)}]}],
});

/** What the administrator publishes of it, with every field. */
export const publishedParticipants = (change: Partial<PublishedParticipants> = {}): PublishedParticipants => ({
  network: "hoodi",
  version: 1,
  admin: {nkey: anNkey(0)},
  relayer: {nkey: anNkey(1)},
  aggregator: {nkey: anNkey(2), encryption_keys: [`0x${"1b".repeat(64)}`]},
  operators: [{id: "acme", nkey: anNkey(10)}],
  viewers: [{id: "desk", nkey: anNkey(11)}],
  monitor: {nkey: anNkey(12)},
  server_admin: {nkey: anNkey(13)},
  clusters: [
    {
      id: "alpha",
      definition: "alpha-cluster-lock.json",
      definition_hash: `0x${"d1".repeat(32)}`,
      operators: ["acme"],
      sidecars: [{share_index: 1, nkey: anNkey(4)}],
    },
    {
      id: "beta",
      definition: {ssv_operator_ids: [5, 123, 900, 1042], ssv_owners: [`0x${"a1".repeat(20)}`]},
      definition_hash: `0x${"d2".repeat(32)}`,
      operators: [],
      sidecars: [],
    },
  ],
  ...change,
});
