import type {PageState} from "../pageState.js";

/** Where the page's own files are. */
export type PageFiles = {readonly script: string; readonly style: string; readonly icon: string};

/** The whole page as HTML, as somebody sees it whose browser runs no scripts. Times are in UTC. */
export declare function renderPage(state: PageState, files: PageFiles): string;
