import type {Static} from "typebox";
import type {Signer} from "../../keys/signerClient.js";
import type {Facts} from "../../presence/createPresence.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {openBeaconProbe} from "../opening/openBeaconProbe.js";
import {openProbe, type ProbeContext, type Probed} from "../opening/openProbe.js";
import {openSigner} from "./openSigner.js";

type Context = ProbeContext & {config: Readonly<Static<typeof SidecarEnv>>; env: NodeJS.ProcessEnv};

/** Asks the sidecar's beacon node and its remote signer for their health, as far as it has them. */
export async function openProbes({config, env, ...context}: Context): Promise<() => Pick<Facts, "beacon" | "signer">> {
  const {REMOTE_SIGNER_URL: signerUrl} = config;
  const beaconProbe = openBeaconProbe(config, context);
  const signer = signerUrl === undefined ? undefined : await openSigner(signerUrl, config, env);
  const signerProbe = signer && openProbe("remote signer", () => askSigner(signer), context);
  return () => {
    const beacon = beaconProbe?.read();
    const signerHealth = signerProbe?.read();
    return {...(beacon && {beacon}), ...(signerHealth && {signer: signerHealth})};
  };
}

const askSigner = ({check}: Signer): Promise<Probed<"ok" | "unavailable">> =>
  check().then(
    () => ({health: "ok"}),
    ({message}: Error) => ({health: "unavailable", problem: message}),
  );
