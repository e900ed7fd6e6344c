import {Command, CommanderError} from "commander";
import {describe, expect, it} from "vitest";
import {addCommands} from "../../../src/cli/commands.js";
import {exitCodeOf} from "../../../src/errors.js";

/** What `dvt` with these arguments ends with, and what it has printed by then. */
async function parse(...args: string[]): Promise<{error: unknown; output: string}> {
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  const program = new Command("dvt").exitOverride().configureOutput({writeOut: write, writeErr: write});
  addCommands(program, () => {});
  const error = await program.parseAsync(args, {from: "user"}).catch((thrown: unknown) => thrown);
  return {error, output};
}

describe("the command line", () => {
  it.each([
    {id: "an unknown command", args: ["relay"]},
    {id: "an unknown option", args: ["relayer", "--fast"]},
    {id: "a required option left away", args: ["operator", "request", "--start-index", "1"]},
    {id: "a start index that is no number", args: ["operator", "request", "--deposit-data", "x", "--start-index", "1.5"]},
    {id: "no cluster definition to show", args: ["clusters", "show"]},
  ])("refuses $id", async ({args}) => {
    const {error, output} = await parse(...args);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
    expect(output).toMatch(/^error: /);
  });

  it.each([
    {id: "a demo whose threshold is above its nodes", args: ["demo", "--nodes", "3", "--threshold", "4"]},
    {id: "a demo of a port that there is not", args: ["demo", "--http-port", "65536"]},
    {id: "a demo on a part of somebody's files", args: ["demo", "--cluster-lock", "x"]},
  ])("leads to the exit status of wrong usage for $id", async ({args}) => {
    expect(exitCodeOf((await parse(...args)).error)).toBe(64);
  });

  it.each([
    {
      command: "relayer",
      variables: ["NETWORK", "NATS_URL", "MONGODB_URL_FILE", "REISSUE_AFTER", "EXIT_LIFETIME", "ORACLES_CONFIG_FILE"],
    },
    {command: "sidecar", variables: ["OBOL_CLUSTER_LOCK_FILE", "OBOL_KEYSTORES_DIR", "OBOL_NODE_INDEX", "CLUSTER_TYPE"]},
    {command: "aggregator", variables: ["AGGREGATOR_PRIVATE_KEY_FILE", "MONGODB_URL"]},
    {command: "gateway", variables: ["GATEWAY_SEEDS_DIR"]},
    {command: "operator request", variables: ["OPERATOR_ID", "RESEND_AFTER"]},
    {command: "streams apply", variables: ["ACK_WAIT", "STREAM_REPLICAS", "PARTICIPANTS_FILE"]},
    {command: "demo", variables: ["DEMO_NATS_URL", "DEMO_MONGODB_URL"]},
  ])("names the environment of $command in its help", async ({command, variables}) => {
    const {error, output} = await parse(...command.split(" "), "--help");
    expect(error).toMatchObject({exitCode: 0});
    for (const variable of variables) expect(output).toContain(variable);
  });
});
