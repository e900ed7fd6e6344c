import {setTimeout as delay} from "node:timers/promises";
import {expect, inject, it, onTestFinished} from "vitest";
import {withDatabase} from "../../../src/sandbox/servers/withDatabase.js";
import {connectStore, type Store} from "../../../src/store/connect.js";
import {aLogger} from "../../support/logger.js";
import {startTestLink} from "../../support/startTestLink.js";

it("logs once that MongoDB is unavailable, and once that it is available again", async () => {
  const url = new URL(inject("mongoUrl"));
  const link = await startTestLink(Number(url.port || 27017));
  url.host = `127.0.0.1:${link.port}`;
  const {logger, logged} = aLogger();
  const store = await connectStore(withDatabase(url.toString().replace(/\/$/, ""), "dvt_test_outage"), logger);
  onTestFinished(store.close);
  link.cut();
  await expect(store.ping()).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  link.open();
  await store.ping();
  expect(logged).toMatchObject([
    {level: 40, msg: "mongodb is unavailable"},
    {level: 30, msg: "mongodb is available again"},
  ]);
});

it("is reached again by every client after all connections were cut at once, whatever the driver was about to write", async () => {
  const url = new URL(inject("mongoUrl"));
  const link = await startTestLink(Number(url.port || 27017));
  url.host = `127.0.0.1:${link.port}`;
  const {logger} = aLogger();
  const named = withDatabase(url.toString().replace(/\/$/, ""), "dvt_test_outage");
  const stores = await Promise.all(Array.from({length: 4}, () => connectStore(named, logger, {heartbeatLimitMs: 3000})));
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const isReached = (store: Store): Promise<boolean> =>
    store.ping().then(
      () => true,
      () => false,
    );
  for (let round = 0; round < 2; round++) {
    // Longer than the driver's shortest time between two heartbeats: the next one is sent as soon as an operation fails. What a
    // connection has not read makes its end a reset, which is when that heartbeat meets a socket that is just being closed.
    link.silence("both");
    const pings = stores.map(isReached);
    await delay(700);
    link.cut();
    await Promise.all(pings);
    link.open();
    await Promise.all(stores.map(isReached));
  }
  for (const store of stores) await expect.poll(() => isReached(store)).toBe(true);
});
