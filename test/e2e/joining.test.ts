import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {parseEnv} from "node:util";
import {expect, inject, it, onTestFinished} from "vitest";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import {startDvt, startRole} from "../../src/sandbox/dvtProcess.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {createCentre} from "../support/centre.js";
import {patience} from "../support/patience.js";
import {createTestDatabase, temporaryFolder} from "../support/servers.js";

const settingsIn = async (path: string): Promise<Record<string, string>> =>
  parseEnv(await readFile(path, "utf8")) as Record<string, string>;

it("goes from nothing to a complete exit with two commands on each node, and no value is copied by hand", async () => {
  const centre = await createCentre();
  const work = await temporaryFolder();
  const {url: mongoUrl} = await createTestDatabase();
  const oraclesFile = join(work, "oracles.json");
  const oracleKeys = await writeOracles(oraclesFile, {count: 5, threshold: 3});

  // The centre.
  const invited = await centre.command("invite", "--all");
  expect(invited.code, invited.output).toBe(0);
  const common = {
    NETWORK: "hoodi",
    NATS_URL: centre.url,
    NATS_CA_FILE: centre.authority,
    MONGODB_URL: mongoUrl,
    PARTICIPANTS_FILE: centre.participantsFile,
    ORACLES_CONFIG_FILE: oraclesFile,
    RELOAD_EVERY: "500ms",
    LOG_FORMAT: "json",
  };
  const start = (role: string, more: Record<string, string>) =>
    startRole(role, {...common, NATS_SEED_FILE: centre.seedFile(role), ...more}, {onStop: onTestFinished});
  await Promise.all([
    start("relayer", {}),
    start("aggregator", {AGGREGATOR_PRIVATE_KEY_FILE: join(centre.folder, "aggregator", "aggregator.key")}),
  ]);
  const accepting = startDvt(["accept", "--auto", "--wait", "--folder", centre.folder], {NATS_SERVER: inject("natsServer")});
  onTestFinished(accepting.stop);

  // The nodes: join, and start from the settings as they were written.
  const nodes = await Promise.all(
    [0, 1, 2, 3].map(async (nodeIndex) => {
      const joined = centre.join(centre.invitationOf(invited.output, `sidecar-alpha-${nodeIndex + 1}`), {nodeIndex});
      expect(await joined.ended, joined.output()).toBe(0);
      return joined;
    }),
  );
  expect(await accepting.ended, accepting.output()).toBe(0);
  await Promise.all(
    nodes.map(async ({folder}) => {
      const env = await settingsIn(join(folder, "sidecar.env"));
      await startRole("sidecar", {...env, STATUS_PORT: "0", LOG_FORMAT: "json"}, {onStop: onTestFinished});
    }),
  );

  // The operator.
  const results = join(work, "results.json");
  const operator = startDvt(
    [
      "operator",
      "request",
      "--deposit-data",
      centre.depositData,
      "--start-index",
      "1000",
      "--output",
      results,
      "--timeout",
      String(patience.requestSeconds),
    ],
    {...common, OPERATOR_ID: "acme", NATS_SEED_FILE: centre.seedFile("operator-acme")},
  );
  onTestFinished(operator.stop);
  expect(await operator.ended, operator.output()).toBe(0);
  const publicKeys = await readDepositData(centre.depositData, networks.hoodi);
  const validators = publicKeys.map((publicKey, position) => ({publicKey, validatorIndex: 1000 + position}));
  await checkResults(results, {network: networks.hoodi, oracleSet: await loadOracleSet(oraclesFile), validators}, oracleKeys);
});
