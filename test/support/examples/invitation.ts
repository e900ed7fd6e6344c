import {publicKeyOf} from "../../../src/ecies/keys.js";
import {type Invitation, newInvitationKeys} from "../../../src/enrolment/invitation.js";
import {toHex} from "../../../src/runtime/hex.js";
import {anNkey} from "./participants.js";

/** An invitation of a node to cluster alpha, at share index 1 unless it says otherwise. */
export function anInvitation(changes: Partial<Invitation> = {}): Invitation {
  const {id, secret} = newInvitationKeys();
  return {
    v: 1,
    id,
    kind: "sidecar",
    network: "hoodi",
    bus: {url: "tls://bus.example.org:4222", ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
    admin: anNkey(0),
    aggregator: {nkey: anNkey(2), encryption_keys: [toHex(publicKeyOf(new Uint8Array(32).fill(1)))]},
    cluster: {
      id: "alpha",
      type: "OBOL",
      definition_hash: `0x${"ab".repeat(32)}`,
      share_index: 1,
      operators: [{id: "acme", nkey: anNkey(10)}],
    },
    expires: 2_000_000_000,
    secret,
    ...changes,
  } as Invitation;
}
