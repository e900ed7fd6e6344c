import {parseEnv} from "../../runtime/env.js";
import {StatusEnv} from "../env/statusEnv.js";
import {openStatusReader} from "../opening/openStatusReader.js";
import {terminal} from "../terminal.js";
import {exitStoryText} from "./exitStoryText.js";
import {findExit} from "./findExit.js";
import {parseExitName} from "./parseExitName.js";

/** Runs `dvt exits show`; returns 2 if there is no such exit, or whoever asks may not see it. */
export async function runExitsShow(exit: string, {json = false}: {json?: boolean}, env: NodeJS.ProcessEnv): Promise<number> {
  const config = parseEnv(StatusEnv, env);
  const name = parseExitName(exit);
  const {bus, reader} = await openStatusReader(config, env);
  try {
    const story = await findExit(reader, name);
    if (!story) {
      terminal.err("nobody has asked for this exit, or it is not yours to see\n");
      return 2;
    }
    if (json) terminal.out(`${JSON.stringify(story)}\n`);
    else terminal.show(exitStoryText(story, {width: terminal.width()}));
    return 0;
  } finally {
    await bus.close();
  }
}
