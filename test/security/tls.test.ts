import {readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {connectBus} from "../../src/messaging/connect.js";
import {createSeed, toIdentity} from "../../src/messaging/identity.js";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {someParticipants} from "../support/examples/participants.js";
import {startLyingNats} from "../support/lyingNats.js";
import {silent} from "../support/servers.js";

const fixture = (name: string): string => join(projectRoot, "test/fixtures/tls", name);
const caFile = fixture("authority.pem");
const server = {
  key: readFileSync(fixture("test-only-server.key"), "utf8"),
  cert: readFileSync(fixture("server.pem"), "utf8"),
};
const participants = someParticipants({network: "hoodi", operatorIds: ["op-1"], clusters: []});
const identity = toIdentity("relayer", createSeed().seed);
const nonce = "R6Gm2AXtLWcHBzQ";

describe("nobody is logged in to", () => {
  it.each([
    {id: "when TLS is taken out of what a tls:// server says", scheme: "tls", authority: undefined},
    {id: "likewise with an authority of our own", scheme: "tls", authority: caFile},
    {id: "likewise where the authority alone asks for TLS", scheme: "nats", authority: caFile},
  ])("$id", async ({scheme, authority}) => {
    const {url, logins, untilLogins} = await startLyingNats({info: () => ({nonce})});
    const connecting = connectBus({url: `${scheme}://${url}`, identity, participants, caFile: authority, logger: silent});
    await expect(connecting).rejects.toMatchObject({code: "BUS_UNAVAILABLE", message: expect.stringMatching(/no TLS/)});
    await untilLogins(1);
    expect(logins).toEqual([undefined]);
  });

  it("when the certificate is of nobody who is known", async () => {
    const {url, logins, untilLogins} = await startLyingNats({info: () => ({nonce, tls_required: true}), tls: server});
    await expect(connectBus({url: `tls://${url}`, identity, participants, logger: silent})).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
    });
    await untilLogins(1);
    expect(logins).toEqual([undefined]);
  });

  it("when the certificate is of another host", async () => {
    const {url, logins, untilLogins} = await startLyingNats({info: () => ({nonce, tls_required: true}), tls: server});
    const byName = url.replace("127.0.0.1", "localhost");
    await expect(connectBus({url: `tls://${byName}`, identity, participants, caFile, logger: silent})).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
      message: expect.stringMatching(/altnames/),
    });
    await untilLogins(1);
    expect(logins).toEqual([undefined]);
  });

  it("when TLS is gone at a later connection, or at a server that the first one named", async () => {
    const other = await startLyingNats({info: () => ({nonce})});
    const {url, logins, untilLogins, cut} = await startLyingNats({
      info: (connection) => ({nonce, connect_urls: [other.url], ...(connection === 1 && {tls_required: true})}),
      tls: server,
    });
    const bus = await connectBus({url: `tls://${url}`, identity, participants, caFile, logger: silent});
    onTestFinished(() => bus.connection.close());
    cut();
    await untilLogins(3);
    expect(logins.slice(0, 3)).toEqual([expect.objectContaining({nkey: identity.nkey}), undefined, undefined]);
    expect(other.logins).toEqual([]);
  });
});
