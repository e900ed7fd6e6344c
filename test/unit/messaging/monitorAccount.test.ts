import {expect, it} from "vitest";
import {toAccountsConfig} from "../../../src/messaging/accounts.js";
import {anNkey, someParticipants} from "../../support/examples/participants.js";

const participants = someParticipants({network: "hoodi", clusters: [], operatorIds: ["acme"]});
const nkey = anNkey(600);

it("gives NATS's own account to the monitor, and to nobody if there is none", () => {
  expect(toAccountsConfig(participants)).not.toContain("$SYS");
  const withMonitor = toAccountsConfig({...participants, monitor: {nkey}});
  expect(withMonitor).toContain(nkey);
  expect(withMonitor).toContain('"$SYS.REQ.SERVER.PING.JSZ"');
});
