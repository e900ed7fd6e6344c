import {expect, inject, it, onTestFinished} from "vitest";
import {withDatabase} from "../../../src/sandbox/servers/withDatabase.js";
import {connectStore} from "../../../src/store/connect.js";
import {createGate} from "../../support/gate.js";
import {aLogger} from "../../support/logger.js";

it("is said once that MongoDB is gone, and once that it is back", async () => {
  const url = new URL(inject("mongoUrl"));
  const gate = await createGate(Number(url.port || 27017));
  url.host = `127.0.0.1:${gate.port}`;
  const {logger, logged} = aLogger();
  const store = await connectStore(withDatabase(url.toString().replace(/\/$/, ""), "dvt_test_outage"), logger);
  onTestFinished(store.close);
  gate.close();
  await expect(store.ping()).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  gate.open();
  await store.ping();
  expect(logged).toMatchObject([
    {level: 40, msg: "mongodb is gone"},
    {level: 30, msg: "mongodb is back"},
  ]);
});
