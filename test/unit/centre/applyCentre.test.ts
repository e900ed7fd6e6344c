import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {applyCentre} from "../../../src/centre/applyCentre.js";
import {makeCentre} from "../../../src/centre/makeCentre.js";
import {startMaking} from "../../../src/centre/making.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const alpha = {id: "alpha", definition: {name: "alpha-cluster-lock.json", text: "{}\n"}};

/** A centre of three servers, and what applying it did; it ends at the reload. */
async function apply(script: string) {
  const root = folder.fresh();
  const at = (path: string): string => join(root, path);
  const otherServers = ["bus-2", "bus-3"].map((host) => ({host, port: 4222}));
  const wanted = {
    network: "hoodi",
    nats: {host: "bus-1", port: 4222},
    otherServers,
    clusters: [alpha],
    oracles: "[]",
    hasGateway: false,
  } as const;
  await makeCentre(startMaking(root, {isRoot: false}), wanted);
  writeFileSync(at("copy"), `#!/bin/sh\n${script}\n`, {mode: 0o755});
  const seen: string[] = [];
  const applied = applyCentre({
    network: "hoodi",
    participantsFile: at("shared/participants.json"),
    invitationsFile: at("admin/invitations.json"),
    natsConfigFile: at("nats/nats.conf"),
    natsAccountsFile: at("nats/accounts.conf"),
    natsServer: "no-such-nats-server",
    copyCommand: at("copy"),
    ackWaitMs: 30_000,
    replicas: 3,
    reload: () => Promise.reject(new Error(`reloaded, with ${readFileSync(at("copied"), "utf8").length} bytes`)),
    readDefinition: () => Promise.reject(new Error("read a definition")),
    connect: () => Promise.reject(new Error("connected")),
  });
  await applied.catch((error: Error) => void seen.push(error.message));
  return {applied, seen, accounts: readFileSync(at("nats/accounts.conf"), "utf8")};
}

it("has the accounts copied to the other machines before the servers reload, also when they have not changed", async () => {
  const {seen, accounts} = await apply('cp "$1" "$(dirname "$0")/copied"');
  expect(seen).toEqual([`reloaded, with ${accounts.length} bytes`]);
});

it("reloads no server if a machine cannot be given them, and says which, and what to do", async () => {
  const {applied} = await apply("echo bus-3: no route to host >&2; exit 255");
  await expect(applied).rejects.toMatchObject({
    code: "BUS_UNAVAILABLE",
    message: expect.stringMatching(/NATS_COPY_COMMAND.*bus-3: no route to host; run the command again/),
  });
});
