import type {Lack} from "../../../schemas/status.js";

const onWaits: Readonly<Record<string, string>> = {
  CONSENSUS_UNAVAILABLE: "its beacon node does not answer, or is syncing: start it, or correct that sidecar's CONSENSUS_ENDPOINT",
  SIGNER_UNAVAILABLE: "its remote signer does not answer: start it, or correct that sidecar's REMOTE_SIGNER_URL",
  RATE_LIMITED: "it has signed for as many exits as its EXITS_PER_HOUR allows: it goes on by itself, or raise the limit",
  STATE_UNWRITABLE: "it cannot write its SIDECAR_STATE_FILE: make room on that disk",
};

/** What to do so that a share comes. */
export function adviceOn({why, code = ""}: Lack): string {
  switch (why) {
    case "away":
      return "start its sidecar; if it runs, its log says why it does not reach NATS";
    case "waits":
      return onWaits[code] ?? `see ${code} in docs/errors.md`;
    case "refused":
      return `only the operator of its sidecar can change that, then ask again; see ${code} in docs/errors.md`;
    case "asked":
      return "wait a moment; if it stays so, read the log of its sidecar";
  }
}
