import {expect, it} from "vitest";
import {OperatorEnv} from "../../../../src/cli/env/operatorEnv.js";
import {areOraclesFollowed, openOracles, oraclesRules} from "../../../../src/cli/opening/openOracles.js";
import {loadOracleSet} from "../../../../src/oracles/oracleSet.js";
import {parseEnv} from "../../../../src/runtime/env.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../../src/runtime/waitFor.js";
import {writeOracles} from "../../../../src/sandbox/writeOracles.js";
import {useFolder} from "../../../support/files.js";
import {aLogger} from "../../../support/logger.js";

const folder = useFolder();
const env = {NETWORK: "hoodi", NATS_SEED_FILE: "x", OPERATOR_ID: "op-1"};
const parse = (more: Record<string, string>) => parseEnv(OperatorEnv, {...env, ...more}, oraclesRules);
const open = (more: Record<string, string>) =>
  openOracles({
    config: parse(more),
    env: {},
    logger: aLogger().logger,
    waitFor: withoutWaiting,
    shutdown: createShutdown({onError: () => {}}),
  });

it("names both ways to the oracle set where neither is there", () => {
  expect(() => parse({})).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
  expect(() => parse({ORACLES_CONFIG_FILE: ""})).toThrow(/ORACLES_CONFIG_FILE.*EXECUTION_ENDPOINT/);
});

it("takes the file where one is named, and asks no chain", async () => {
  const file = folder.path("oracles.json");
  await writeOracles(file, {count: 3, threshold: 2});
  const both = {ORACLES_CONFIG_FILE: file, EXECUTION_ENDPOINT: "http://127.0.0.1:2"};
  expect((await open(both)).current()).toEqual(await loadOracleSet(file));
  expect(areOraclesFollowed(parse(both))).toBe(false);
});

it.each([
  {id: "a chain that does not answer", more: {}, code: "EXECUTION_UNAVAILABLE"},
  {id: "a gateway of IPFS that is no URL", more: {IPFS_FETCH_ENDPOINTS: "ipfs.io"}, code: "CONFIG_INVALID"},
])("does not begin with $id where no file is named", async ({more, code}) => {
  const checkpoint = {ORACLES_CHECKPOINT_FILE: folder.fresh()};
  const chain = {EXECUTION_ENDPOINT: "http://127.0.0.1:2", ...checkpoint, ...more};
  await expect(open(chain)).rejects.toMatchObject({code});
});
