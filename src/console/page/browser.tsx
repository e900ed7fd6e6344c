import {hydrate, render} from "preact";
import {applyUpdate} from "../applyUpdate.js";
import type {PageState, Update} from "../pageState.js";
import {copyOnClick} from "./copyOnClick.js";
import {followServer} from "./followServer.js";
import {goOnClick} from "./goOnClick.js";
import {mergeExits} from "./mergeExits.js";
import {Page, type Running} from "./Page.js";
import {titleOf} from "./titleOf.js";

const root = document.getElementById("page") as HTMLElement;
let state = JSON.parse(document.getElementById("state")?.textContent ?? "") as PageState;
let running: Running = {zone: "UTC", isLive: false};

const draw = (more: Partial<Running> = {}): void => {
  running = {...running, ...more};
  document.title = titleOf(state);
  render(<Page state={state} running={running} />, root);
};

/** What the server wrote is taken over as it is; after that, times are the viewer's. */
hydrate(<Page state={state} running={running} />, root);
document.documentElement.classList.add("live");
const shown = state.answers.exits && mergeExits(undefined, state.answers.exits);
draw({zone: Intl.DateTimeFormat().resolvedOptions().timeZone, shownExits: shown});

const server = followServer({
  onUpdate(update: Update) {
    state = applyUpdate(state, update);
    const {exits} = state.answers;
    const shownExits = exits && update.changes?.exits ? mergeExits(running.shownExits, exits) : running.shownExits;
    draw({isLive: true, interruption: undefined, shownExits});
  },
  onInterrupted: (interruption) => draw({isLive: false, interruption}),
});
server.follow(state.url);

/** What the new place shows besides the status is asked for; until it is there, the page says so. */
function go(url: string): void {
  state = {...state, url, answers: state.answers.status ? {status: state.answers.status} : {}};
  draw({shownExits: undefined});
  server.follow(url);
}

goOnClick(go);
copyOnClick((copied) => draw({copied}));
