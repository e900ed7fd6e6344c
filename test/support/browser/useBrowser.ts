import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, expect, onTestFinished} from "vitest";
import {openBrowser} from "./openBrowser.js";

type ContextOptions = Parameters<Browser["newContext"]>[0];

/** One browser for the tests of a file; each page is new, and the test fails if it logs an error or asks another origin for anything. */
export function useBrowser(): {open(url: string, options?: ContextOptions): Promise<Page>} {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({timezoneId: "Europe/Berlin", viewport: {width: 1280, height: 800}, ...options});
      const page = await context.newPage();
      const {origin} = new URL(url);
      const problems: string[] = [];
      page.on("pageerror", ({message}) => problems.push(message));
      page.on("console", (message) => {
        // A server that is away, or a place that is none, is what some tests are about; the browser reports it, too.
        if (message.type() === "error" && !/net::ERR|status of 404/.test(message.text())) problems.push(message.text());
      });
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== origin) problems.push(`a request to ${request.url()}`);
      });
      onTestFinished(async () => {
        await context.close();
        expect(problems).toEqual([]);
      });
      await page.goto(url);
      return page;
    },
  };
}
