import {describe, expect, it, onTestFinished} from "vitest";
import {type ConnectOptions, connectBus} from "../../../src/messaging/connect.js";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";
import {someParticipants} from "../../support/examples/participants.js";
import {startLyingNats} from "../../support/lyingNats.js";
import {silent} from "../../support/servers.js";

const connect = (options: Pick<ConnectOptions, "url" | "reloadMs">) =>
  connectBus({
    identity: toIdentity("relayer", createSeed().seed),
    participants: someParticipants({network: "hoodi", operatorIds: ["op-1"], clusters: []}),
    logger: silent,
    ...options,
  });

describe("a login that the server rejects", () => {
  it("for a moment, as while it reloads its accounts, is tried again", async () => {
    const {url, logins} = await startLyingNats({rejects: (connection) => connection <= 2});
    const bus = await connect({url});
    onTestFinished(() => bus.connection.close());
    expect(logins).toHaveLength(3);
  });

  it("for good fails with BUS_UNAVAILABLE, at once for whoever tries again by itself", async () => {
    const {url, logins} = await startLyingNats({rejects: () => true});
    await expect(connect({url})).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
    const tried = logins.length;
    expect(tried).toBeGreaterThan(1);
    await expect(connect({url, reloadMs: 0})).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
    expect(logins).toHaveLength(tried + 1);
  });
});
