import {expect, it} from "vitest";
import {toAccountsConfig} from "../../../src/messaging/accounts.js";
import {anNkey, someParticipants} from "../../support/examples/participants.js";

const participants = someParticipants({network: "hoodi", clusters: [], operatorIds: ["acme"]});
const nkey = anNkey(600);

it("gives NATS's own account to the monitor and the server administrator, and to nobody if there is neither", () => {
  expect(toAccountsConfig(participants)).not.toContain("$SYS");
  const withMonitor = toAccountsConfig({...participants, monitor: {nkey}});
  expect(withMonitor).toContain(nkey);
  expect(withMonitor).toContain('"$SYS.REQ.SERVER.PING.JSZ"');
  expect(withMonitor).not.toContain("RELOAD");
  const withServerAdmin = toAccountsConfig({...participants, serverAdmin: {nkey}});
  expect(withServerAdmin).toContain('"$SYS.REQ.SERVER.*.RELOAD"');
  expect(withServerAdmin).not.toContain("PING.JSZ");
});
