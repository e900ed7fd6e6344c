import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../../errors.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {untilStopped} from "../../runtime/untilStopped.js";
import {stopOnSignals} from "../stopOnSignals.js";
import {terminal} from "../terminal.js";
import {timeText} from "../timeText.js";
import {type Picture, pictureJson, pictureText} from "./picture.js";

const everyMs = 1000;

/** Shows the status again every second until SIGINT or SIGTERM: as lines of JSON, or on the terminal, where the last picture stays. */
export async function watchStatus(read: () => Promise<Picture>, {json}: {json: boolean}): Promise<void> {
  const shutdown = createShutdown({onError: () => {}});
  stopOnSignals(shutdown);
  await (json ? printAgain(read, shutdown.signal) : drawAgain(read, shutdown.signal));
}

const printAgain = (read: () => Promise<Picture>, signal: AbortSignal): Promise<void> =>
  readAgain(read, signal, (picture) => {
    if (picture instanceof DvtError) terminal.err(`${picture.message}\n`);
    else terminal.out(pictureJson(picture));
  });

async function drawAgain(read: () => Promise<Picture>, signal: AbortSignal): Promise<void> {
  let last: {picture: Picture; at: number} | undefined;
  let text = "";
  terminal.screen.open();
  try {
    await readAgain(read, signal, (picture) => {
      if (!(picture instanceof DvtError)) last = {picture, at: Date.now()};
      const shown = last ? pictureText(last.picture, terminal.width()) : "";
      const since = last ? `; what follows was so at ${timeText(last.at, Date.now(), "seconds")}` : "";
      text = picture instanceof DvtError ? `! ${picture.message}${since}\n\n${shown}` : shown;
      terminal.screen.draw(text);
    });
  } finally {
    terminal.screen.close();
    terminal.show(text);
  }
}

/** Reads again and again; while nothing can be read, `onRead` gets the error. */
async function readAgain(
  read: () => Promise<Picture>,
  signal: AbortSignal,
  onRead: (picture: Picture | DvtError) => void,
): Promise<void> {
  while (!signal.aborted) {
    const picture = await untilStopped(signal, read().catch(unavailable));
    if (picture !== undefined) onRead(picture);
    await delay(everyMs, undefined, {signal}).catch(() => {});
  }
}

function unavailable(error: unknown): DvtError {
  if (error instanceof DvtError && error.code === "BUS_UNAVAILABLE") return error;
  throw error;
}
