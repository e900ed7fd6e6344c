import {dirname} from "node:path";
import {type Centre, files, natsUrlOf, routePortOf} from "./centre.js";
import {fillSettings} from "./fillIn.js";
import {isAtHome} from "./isAtHome.js";
import {addressOf} from "./makeServers.js";
import type {Making} from "./making.js";
import type {Packaged} from "./packaged.js";

const units = "docker/systemd";

/** The roles that run on the centre. */
export const rolesOf = ({hasGateway}: Pick<Centre, "hasGateway">): string[] => [
  "relayer",
  "aggregator",
  "console",
  ...(hasGateway ? ["gateway"] : []),
];

/** Makes what starts the centre: for compose, and for systemd. */
export async function makeStart(making: Making, packaged: Packaged, centre: Centre): Promise<void> {
  const {nats, otherServers = []} = centre;
  const {port} = nats;
  const address = addressOf(nats);
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  await making.file(files.composeEnv, {mode: 0o644}, async () =>
    fillSettings(await packaged.text("docker/centre/env.example"), {
      COMPOSE_PROFILES: ["streams", ...rolesOf(centre)].join(","),
      DVT_ADMIN: `${user}:${group}`,
      DVT_NATS_ADDRESS: address,
      DVT_NATS_PORT: String(port),
      NATS_URL: natsUrlOf({host: "nats", port}, ...otherServers),
      ...(otherServers.length > 0 && {DVT_NATS_ROUTE_ADDRESS: address, DVT_NATS_ROUTE_PORT: String(routePortOf(nats))}),
    }),
  );
  await making.file(files.compose, {mode: 0o644}, () => packaged.text("docker/centre/compose.yaml"));
  const absent = ["sidecar", ...(centre.hasGateway ? [] : ["gateway"])].map((role) => `dvt-${role}.service`);
  for (const name of (await packaged.list(units)).filter((it) => !absent.includes(it))) {
    const path = name.endsWith("sysusers.conf") ? name : `systemd/${name}`;
    if (dirname(path) !== ".") await making.folder(dirname(path), {mode: 0o755});
    await making.file(path, {mode: 0o644}, async () => {
      const text = (await packaged.text(`${units}/${name}`)).replace(
        "tls://127.0.0.1:4222",
        natsUrlOf({host: "127.0.0.1", port}),
      );
      return isAtHome(making.path(""), text) ? text.replace("ProtectHome=yes", "ProtectHome=read-only") : text;
    });
  }
}
