import {describe, expect, it, onTestFinished} from "vitest";
import {exitRefusal} from "../../schemas/exitRefusal.js";
import {presence} from "../../schemas/presence.js";
import {publish} from "../../src/messaging/publish.js";
import {findBarriers} from "../support/browser/findBarriers.js";
import {useBrowser} from "../support/browser/useBrowser.js";
import {aPresence} from "../support/examples/messages.js";
import {clusterId, createSystem, type System} from "../support/system.js";

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

  it("stays with what it knew when a server goes or hangs, says since when, and goes on when it is back", async () => {
    const system = await createSystem({validators: 1});
    const relayer = await system.relayer();
    const first = await system.console();
    const page = await browser.open(first.url);
    await page.getByRole("status").getByText("live").waitFor();
    await relayer.stop();
    await page.getByText("the relayer does not answer: out of date since").waitFor();
    await page.getByRole("heading", {name: clusterId}).waitFor();
    const again = await system.relayer();
    await page.getByRole("status").getByText("live").waitFor();

    again.process.kill("SIGSTOP");
    // Stopped, it would not end.
    onTestFinished(() => void again.process.kill("SIGCONT"));
    // It would have waited 10 s for its answer.
    await page.getByText("the relayer does not answer: out of date since").waitFor({timeout: 9000});
    again.process.kill("SIGCONT");
    await page.getByRole("status").getByText("live").waitFor();

    await first.stop();
    await page.getByText("the console does not answer: out of date since").waitFor();
    const second = await system.console({CONSOLE_PORT: new URL(first.url).port});
    await page.getByRole("status").getByText("live").waitFor();
    expect(second.url).toBe(first.url);
  });

  it("shows what others wrote as text, wherever it comes from", async () => {
    const system = await createSystem({validators: 1});
    const [{url}] = await Promise.all([system.console(), system.relayer(), system.aggregator()]);
    const hostile = `</script><img src=x onerror="document.title='taken'">`;
    system.startRequest();
    const asked = await openExit(system);
    const bus = await system.busOf(`sidecar-${clusterId}-4`);
    const said_at = Date.now();
    const role = {network: "hoodi", cluster_id: clusterId, share_index: 4} as const;
    await publish(bus, presence, aPresence({...role, participant: bus.identity.participant, version: hostile, said_at}));
    const {public_key, validator_index, requested_at} = asked;
    const refusal = {public_key, validator_index, requested_at, code: "KEY_NOT_ALLOWED", reason: hostile};
    await publish(bus, exitRefusal, {...role, refusals: [refusal]});

    for (const path of [`/clusters/${clusterId}/4`, `/exits/${public_key}`]) {
      for (const javaScriptEnabled of [true, false]) {
        const page = await browser.open(`${url}${path}`, {javaScriptEnabled});
        await expect
          .poll(async () => {
            if (!javaScriptEnabled) await page.reload();
            return page.getByText(hostile).count();
          })
          .toBeGreaterThan(0);
        expect(await page.locator("img").count()).toBe(0);
        expect(await page.title()).not.toContain("taken");
      }
    }
    for (const path of ["/exits?state=%3Cimg%20src=x%3E", "/clusters/%3Cimg%20src=x%3E", "/exits?key=%3Cimg%20src=x%3E"]) {
      const page = await browser.open(`${url}${path}`, {javaScriptEnabled: false});
      await page.getByRole("heading", {name: "Nothing here"}).waitFor();
      expect(await page.locator("img").count()).toBe(0);
    }
  });

  it("has every place in light, dark and as wide as a phone, for whoever sees little, uses no mouse or no scripts, and loads little", async () => {
    const system = await createSystem({validators: 1});
    const [{url}] = await Promise.all([system.console(), system.relayer(), system.aggregator(), system.sidecars(0, 1, 2)]);
    const operator = system.request();
    expect(await operator.ended).toBe(0);
    const page = await browser.open(url);
    await page.getByRole("status").getByText("live").waitFor();
    for (const path of [
      "/",
      `/clusters/${clusterId}`,
      `/clusters/${clusterId}/1`,
      "/exits",
      "/exits?state=complete",
      "/dead-letters",
      "/system",
    ]) {
      await page.goto(`${url}${path}`);
      await page.getByRole("status").getByText("live").waitFor();
      expect(await findBarriers(page), path).toEqual([]);
      await page.setViewportSize({width: 360, height: 740});
      expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(360);
      await page.setViewportSize({width: 1280, height: 800});
    }

    await page.goto(`${url}/exits?state=complete`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", {name: "copy"}).first().focus();
    await page.keyboard.press("Enter");
    await page.getByText("copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(system.publicKeys[0]);

    await expectPlacesWithoutScripts(url);
    await expectSmall(url);
  });
});

/** The first table, pages and filters. */
async function expectPlacesWithoutScripts(url: string): Promise<void> {
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
  // A busy relayer may be too late for the page, which does not ask again by itself.
  await expect
    .poll(async () => {
      await page.reload();
      return page.getByText("No exit fits this filter.").isVisible();
    })
    .toBe(true);
}

/** Less than 150 kB, and nothing from elsewhere. */
async function expectSmall(url: string): Promise<void> {
  const html = await (await fetch(url)).text();
  const files = [...html.matchAll(/(?:src|href)="(\/files\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(files).toHaveLength(3);
  const sizes = await Promise.all(files.map(async (path) => (await (await fetch(url + path)).arrayBuffer()).byteLength));
  expect(sizes.reduce((sum, it) => sum + it, html.length)).toBeLessThan(150_000);
}

type StoredRequest = {
  _id: string;
  public_key: string;
  validator_index: number;
  requested_at: number;
};

/** The exit that the operator asked for, as the relayer stored it. */
async function openExit({db}: System): Promise<StoredRequest> {
  const requests = db.collection<StoredRequest>("requests");
  await expect.poll(() => requests.findOne({})).not.toBeNull();
  return (await requests.findOne({})) as StoredRequest;
}
