import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {inject} from "vitest";
import {writeFileAtomic} from "../../src/runtime/files.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {temporaryFolder} from "./servers.js";
import type {System} from "./system.js";

type ParticipantsFile = {operators: object[]; clusters: object[]};

export async function changeParticipants({participantsFile}: System, edit: (file: ParticipantsFile) => void): Promise<void> {
  const file = JSON.parse(await readFile(participantsFile, "utf8"));
  edit(file);
  await writeFileAtomic(participantsFile, JSON.stringify(file));
}

/** `dvt nats reload`, to its end. */
export async function reloadNats({nats, participantsFile}: System): Promise<{code: unknown; output: string}> {
  const pidFile = join(await temporaryFolder(), "nats.pid");
  await writeFileAtomic(pidFile, String(nats.pid()));
  const files = ["--config", nats.configFile, "--accounts", nats.configFile, "--pid-file", pidFile];
  const env = {NETWORK: "hoodi", PARTICIPANTS_FILE: participantsFile, NATS_SERVER: inject("natsServer")};
  const child = startDvt(["nats", "reload", ...files], env);
  const code = await child.ended;
  return {code, output: child.output()};
}
