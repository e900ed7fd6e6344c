import type {Static} from "typebox";
import {askHealth, type BeaconHealth} from "../../beacon/askHealth.js";
import {connectBeacon} from "../../beacon/connectBeacon.js";
import {networks} from "../../consensus/networks.js";
import type {Facts} from "../../presence/createPresence.js";
import {startProbe} from "../../presence/startProbe.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import type {StartContext} from "../roleProcess.js";
import {openSigner} from "./openSigner.js";

type Context = Omit<StartContext, "waitFor"> & {
  config: Readonly<Static<typeof SidecarEnv>>;
  env: NodeJS.ProcessEnv;
  now: () => number;
};

/** Asks the sidecar's beacon node and its remote signer for their health, as far as it has them, even while nobody asks for exits. */
export async function openProbes({config, env, now, logger, shutdown}: Context): Promise<() => Pick<Facts, "beacon" | "signer">> {
  const {CONSENSUS_ENDPOINT: endpoints, REMOTE_SIGNER_URL: signerUrl} = config;
  const {signal} = shutdown;
  const nodes =
    endpoints === undefined ? undefined : connectBeacon(endpoints, {network: networks[config.NETWORK], signal, logger});
  const signer = signerUrl === undefined ? undefined : await openSigner(signerUrl, config, env);
  const beaconProbe = nodes && startProbe<BeaconHealth>({ask: () => askHealth(nodes), now});
  const signerProbe =
    signer &&
    startProbe<"ok" | "unavailable">({
      ask: () =>
        signer.check().then(
          () => "ok",
          () => "unavailable",
        ),
      now,
    });
  shutdown.onStop(() => {
    beaconProbe?.stop();
    signerProbe?.stop();
  });
  return () => {
    const beacon = beaconProbe?.read();
    const signerHealth = signerProbe?.read();
    return {...(beacon && {beacon}), ...(signerHealth && {signer: signerHealth})};
  };
}
