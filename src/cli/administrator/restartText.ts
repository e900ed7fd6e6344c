import type {ParticipantName} from "../../participants/participantNames.js";

/** What has to be restarted, and where, once this participant is taken with another nkey. */
export function restartText(name: ParticipantName): string {
  const lines = {
    sidecar: [
      "the sidecar, on its node: `sudo systemctl restart dvt-sidecar`, or `docker compose -f FOLDER/compose.yaml restart`; FOLDER is the one that `dvt join` names",
      "the gateway, if it speaks for this sidecar: put the new seed into its GATEWAY_SEEDS_DIR first",
    ],
    operator: [
      "nothing of a role; a `dvt operator request` that runs has to be called again, because orders with the old nkey are invalid",
      "the gateway, if it speaks for this operator: put the new seed into its GATEWAY_SEEDS_DIR first",
    ],
    viewer: ["the viewer's `dvt console`, where it runs"],
  }[name.kind];
  const consent =
    name.kind === "operator" ? "Each node of this operator's clusters has to agree to the new nkey: `dvt trust` there.\n" : "";
  return `The old nkey works until the new one is taken. Restart then:\n${lines.map((it) => `- ${it}\n`).join("")}${consent}`;
}
