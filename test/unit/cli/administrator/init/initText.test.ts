import {expect, it} from "vitest";
import {initText} from "../../../../../src/cli/administrator/init/initText.js";
import {aParticipantsFile} from "../../../../support/examples/participants.js";

type Made = Parameters<typeof initText>[0];
const made: Made = {
  folder: "/srv/centre",
  centre: {network: "hoodi", nats: {host: "bus.example.org", port: 4222}, clusters: [], oracles: "[]", hasGateway: false},
  known: {
    network: undefined,
    natsUrl: undefined,
    operatorId: undefined,
    hasGateway: false,
    hasParticipants: false,
    hasOracles: false,
  },
  participants: {...aParticipantsFile(), version: 1} as unknown as Made["participants"],
  isChanged: true,
  made: ["admin/ca.key", "relayer/relayer.env"],
  isRoot: true,
};
const textOf = (change: Partial<Made>, centre: Partial<Made["centre"]> = {}): string =>
  initText({...made, ...change, centre: {...made.centre, ...centre}});

it("ends with how to start and what is next", () => {
  const text = textOf({});
  expect(text).toContain("cd /srv/centre && docker compose up -d\n");
  expect(text).toContain("dvt invite --all --folder /srv/centre\n");
  expect(text).not.toMatch(/chown|systemctl/);
});

it("says nothing of a folder that is where every command looks", () => {
  expect(textOf({folder: "/etc/dvt"})).toContain("dvt invite --all\n");
});

it.each([
  {id: "that nothing changed", change: {made: [], isChanged: false}, centre: {}, words: "nothing was changed"},
  {
    id: "what happens without an oracle set",
    change: {},
    centre: {oracles: undefined},
    words: "wait for /srv/centre/shared/oracles.json",
  },
  {
    id: "how to get the oracle set",
    change: {},
    centre: {oracles: undefined},
    words: "`dvt oracles save /srv/centre/shared/oracles.json`",
  },
  {
    id: "whom to give the files, to who may not",
    change: {isRoot: false},
    centre: {},
    words: "chown -R 10001:10001 /srv/centre/relayer",
  },
  {
    id: "systemd's commands beside one's own MongoDB",
    change: {},
    centre: {mongodb: "127.0.0.1:27017"},
    words: "systemctl enable --now dvt-nats dvt-streams dvt-relayer dvt-aggregator dvt-console\n",
  },
  {
    id: "that a container does not reach loopback",
    change: {},
    centre: {executionEndpoint: "http://localhost:8545"},
    words: "Inside compose's containers",
  },
  {
    id: "that settings stay as they were",
    change: {made: ["relayer/execution.url"]},
    centre: {executionEndpoint: "http://node:8545"},
    words: "The settings are as they were",
  },
  {
    id: "that compose has to be told of a gateway that comes later",
    change: {made: ["gateway/gateway.env"]},
    centre: {hasGateway: true},
    words: "add gateway to COMPOSE_PROFILES",
  },
])("says $id", ({change, centre, words}) => {
  expect(textOf(change, centre)).toContain(words);
  expect(textOf({}, {})).not.toContain(words);
});
