import {copyFile, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import type {Child} from "../../../src/demo/childProcess.js";
import {runDvt, startDvt, startRole} from "../../../src/demo/dvtProcess.js";
import {post, send} from "../../support/gateway.js";
import {temporaryFolder} from "../../support/servers.js";
import {createSystem, type System} from "../../support/system.js";

/** A folder with the seeds of these participants, as GATEWAY_SEEDS_DIR names it. */
async function seedsOf(system: System, ...participants: string[]): Promise<string> {
  const folder = join(await temporaryFolder(), "seeds");
  await mkdir(folder);
  for (const it of participants) await copyFile(system.seedFile(it), join(folder, `${it}.nkey`));
  return folder;
}

const portOf = (child: Child): string => /"port":(\d+).*"listening"/.exec(child.output())?.[1] ?? "";

it("runs as a process: speaks for those whose seeds it has, and ends when it is asked to", async () => {
  const system = await createSystem({validators: 1});
  const env = {
    ...system.env,
    GATEWAY_SEEDS_DIR: await seedsOf(system, "operator-op-1", "sidecar-c1-1"),
    GATEWAY_PORT: "0",
    NEXT_VALIDATOR_INDEX: "77",
  };
  const child = await startRole("gateway", env, {onStop: onTestFinished});
  const url = `http://127.0.0.1:${portOf(child)}`;
  expect((await send(`${url}/readyz`)).body).toEqual({status: "ok"});
  await post(`${url}/validators`, {public_keys: system.publicKeys});
  const jsm = await system.bus.connection.jetstreamManager();
  const {data} = await jsm.streams.getMessage("REQUESTS", {last_by_subj: "dvt.v1.requests.hoodi.op-1"});
  expect(JSON.parse(new TextDecoder().decode(data))).toMatchObject({validators: [{validator_index: 77}]});
  child.process.kill("SIGTERM");
  expect(await child.ended).toBe(0);

  const {NEXT_VALIDATOR_INDEX: _, ...withoutIndex} = env;
  const refused = [
    startDvt(["gateway"], {...env, GATEWAY_HOST: "0.0.0.0"}),
    startDvt(["gateway"], withoutIndex),
    startDvt(["gateway"], {...env, GATEWAY_SEEDS_DIR: await seedsOf(system, "relayer")}),
  ];
  expect(await Promise.all(refused.map(({ended}) => ended))).toEqual([78, 78, 78]);
  const help = await runDvt(["gateway", "--help"], {});
  expect(help).toContain("GATEWAY_SEEDS_DIR");
});
