import {readFile, writeFile} from "node:fs/promises";
import type {World} from "../world.js";
import type {Fault} from "./fault.js";

const pathOf = ({participantsFile, clusters}: World, target: string): string =>
  target === "participants.json" ? participantsFile : (clusters.find(({id}) => target.startsWith(id))?.clusterLock as string);

/** Half of it is there, as while somebody copies it. */
const torn: Fault = {
  name: "file half written",
  targets: () => ["participants.json", "c1 cluster-lock.json", "c2 cluster-lock.json"],
  async strike(world, {target, dice}) {
    const path = pathOf(world, target);
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(0, Math.floor((whole.length * dice) / 1000)));
    return () => writeFile(path, whole);
  },
};

export const fileFaults: readonly Fault[] = [torn];
