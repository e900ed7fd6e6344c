import type {ShareIndexState} from "../../../schemas/status.js";

const shapes = {signs: "■", waits: "▒", refuses: "▨", away: "□"} as const satisfies Record<ShareIndexState, string>;

/** A state as a shape and a word, the same in every command and on every page. */
export const stateText = (state: ShareIndexState): string => `${shapes[state]} ${state}`;
