import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {useBrowser} from "../support/browser/useBrowser.js";
import {openStoreOf, writeLargeCluster} from "../support/largeCluster.js";
import {storeResult} from "../support/statusStage.js";
import {clusterId, createSystem} from "../support/system.js";

const browser = useBrowser();
const many = 3_000;
const hour = 3_600_000;

it("shows a page of 3,000 open exits at a time, and those that a filter is for", async () => {
  const {cluster, publicKeys} = await writeLargeCluster("many", many);
  const system = await createSystem({validators: 1, moreClusters: [cluster]});
  const {askFor, ...store} = await openStoreOf(system);
  const now = Date.now();
  const askForAll = async (): Promise<void> => {
    await askFor(system.publicKeys, {requestedAt: now - 3 * hour});
    await askFor(publicKeys.slice(0, 130), {clusterId: "many", validatorIndex: 2000, requestedAt: now - 2 * hour});
    await askFor(publicKeys.slice(130), {clusterId: "many", validatorIndex: 2130, requestedAt: now});
  };
  const [{url}] = await Promise.all([system.console(), system.relayer(), askForAll()]);

  const page = await browser.open(url);
  await page.locator(".card", {hasText: "many"}).getByRole("link", {name: "3,000", exact: true}).waitFor();
  await page.getByRole("navigation", {name: "Pages"}).getByRole("link", {name: "Exits"}).click();
  const rows = page.locator("tbody tr");
  const count = (expected: number): Promise<void> => expect.poll(() => rows.count()).toBe(expected);
  const firstIndex = (expected: number): Promise<void> =>
    expect.poll(() => rows.first().locator("td").first().innerText()).toBe(String(expected));
  await firstIndex(1000);
  await count(100);
  await page.getByRole("link", {name: "Next page"}).click();
  await firstIndex(2099);
  await count(100);
  await page.getByRole("link", {name: "Next page"}).click();
  await firstIndex(2199);
  await page.getByRole("link", {name: "First page"}).click();
  await firstIndex(1000);

  // A row stays where it is while its exit completes.
  const [publicKey = ""] = system.publicKeys;
  await storeResult(store, {network: networks.hoodi, publicKey, validatorIndex: 1000}, Date.now());
  await rows.first().getByText("no longer open").waitFor();
  await count(100);

  await page.getByLabel("Older than").selectOption("1h");
  await page.getByRole("button", {name: "Show"}).click();
  await firstIndex(2000);
  await page.getByRole("link", {name: "Next page"}).click();
  await firstIndex(2100);
  await count(30);
  await page.getByLabel("Older than").selectOption("");
  await page.getByLabel("Key begins with").fill(publicKeys.at(-1) ?? "");
  await page.getByRole("button", {name: "Show"}).click();
  await firstIndex(2000 + many - 1);
  await count(1);
  await page.getByRole("link", {name: "complete", exact: true}).click();
  await page.getByText("No exit fits this filter.").waitFor();
  await page.getByLabel("Key begins with").fill("");
  await page.getByLabel("Cluster").selectOption(clusterId);
  await page.getByRole("button", {name: "Show"}).click();
  await firstIndex(1000);
  await count(1);
});
