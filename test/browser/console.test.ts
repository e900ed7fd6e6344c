import {describe, expect, it} from "vitest";
import {findBarriers} from "../support/browser/findBarriers.js";
import {useBrowser} from "../support/browser/useBrowser.js";
import {clusterId, createSystem} from "../support/system.js";

const browser = useBrowser();

describe("the console", () => {
  it("says whose turn it is while an exit stalls, and shows it complete before the viewer's eyes", async () => {
    const system = await createSystem({validators: 1});
    const [{url}] = await Promise.all([system.console(), system.relayer(), system.aggregator(), system.sidecars(0, 1)]);
    const operator = system.request();
    const page = await browser.open(url);
    const card = page.locator(".card");
    await card.getByText("2 of 4 sign, 3 needed").waitFor();
    await card.getByText(/1 exit open for .*2 of 3 shares \(1, 2\); .*3, 4 were never seen/).waitFor();
    expect(await findBarriers(page)).toEqual([]);

    await card.getByRole("link", {name: "1 exit"}).click();
    await page.getByRole("heading", {name: /^Exit/}).waitFor();
    await page.getByText("Whose turn: 3, 4 were never seen.").waitFor();
    await page.getByText(/share 1 signed$/m).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const place = page.url();

    await system.sidecar(2);
    await page
      .getByText(/complete after/)
      .first()
      .waitFor();
    await page.getByText(/share 3 signed$/m).waitFor();
    expect(page.url()).toBe(place);
    expect(await operator.ended).toBe(0);
    await page.getByText(/taken by op-1$/m).waitFor();

    await page.goBack();
    await card.getByText("3 of 4 sign, 3 needed").waitFor();
    await page.goto(place);
    await page
      .getByText(/complete after/)
      .first()
      .waitFor();
  });

  it("stays with what it knew when a server goes, says since when, and goes on when it is back", async () => {
    const system = await createSystem({validators: 1});
    const relayer = await system.relayer();
    const first = await system.console();
    const page = await browser.open(first.url);
    await page.getByText("live").waitFor();
    await relayer.stop();
    await page.getByText("the relayer does not answer: out of date since").waitFor();
    await page.getByRole("heading", {name: clusterId}).waitFor();
    await system.relayer();
    await page.getByText("live").waitFor();

    await first.stop();
    await page.getByText("the console does not answer: out of date since").waitFor();
    const second = await system.console({CONSOLE_PORT: new URL(first.url).port});
    await page.getByText("live").waitFor();
    expect(second.url).toBe(first.url);
  });

  it("has each place without scripts: the first table, pages, filters", async () => {
    const system = await createSystem({validators: 1});
    const [{url}] = await Promise.all([system.console(), system.relayer(), system.sidecars(0)]);
    await expect.poll(async () => (await fetch(url)).text()).toContain("signs");
    const page = await browser.open(url, {javaScriptEnabled: false});
    const table = page.locator("table").first();
    expect(await table.locator("tbody tr").count()).toBe(4);
    expect(await table.locator("tbody tr").first().innerText()).toMatch(/1\s+signs/);
    await page.locator(".card").getByRole("link", {name: clusterId, exact: true}).click();
    await page.getByRole("heading", {name: "Share indexes"}).waitFor();
    await page.getByRole("navigation", {name: "Pages"}).getByRole("link", {name: "Exits"}).click();
    await page.getByLabel("Cluster").selectOption(clusterId);
    await page.getByLabel("Key begins with").fill("0xab");
    await page.getByRole("button", {name: "Show"}).click();
    expect(new URL(page.url()).search).toBe(`?cluster=${clusterId}&older=&key=0xab`);
    await page.getByText("No exit fits this filter.").waitFor();
  });
});
