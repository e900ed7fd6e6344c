import type {Static} from "typebox";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {hasPlaceholder, indexesIn, type KeyShareConfig, namesOf} from "./shareIndexes.js";

/** Problems between the variables that locate the key shares. */
export function keyShareRules(config: Partial<KeyShareConfig>): string[] {
  const {index, indexes, keys, template} = namesOf(config);
  const all = indexesIn(config);
  const isRemote = config.REMOTE_SIGNER_URL !== undefined;
  const place = config[template] ?? config[keys];
  const tlsFiles = (["REMOTE_SIGNER_CA_FILE", "REMOTE_SIGNER_CERT_FILE", "REMOTE_SIGNER_KEY_FILE"] as const).filter(
    (name) => config[name] !== undefined,
  );
  const rules: [isBroken: boolean, problem: string][] = [
    [all.length === 0, `neither ${index} nor ${indexes} is set`],
    [new Set(all).size < all.length, `${indexes} lists a value twice`],
    [!isRemote && place === undefined, `none of ${keys}, ${template} and REMOTE_SIGNER_URL is set`],
    [
      !isRemote && place !== undefined && all.length > 1 && !hasPlaceholder(place),
      `${template} must have a placeholder such as {share_index}, because ${indexes} lists several`,
    ],
    [
      config.KEYSTORES_PASSWORD_FILE !== undefined && config.KEYSTORES_PASSWORD_DIR !== undefined,
      "KEYSTORES_PASSWORD_FILE and KEYSTORES_PASSWORD_DIR are both set: set one",
    ],
    [
      (config.REMOTE_SIGNER_CERT_FILE === undefined) !== (config.REMOTE_SIGNER_KEY_FILE === undefined),
      "REMOTE_SIGNER_CERT_FILE and REMOTE_SIGNER_KEY_FILE must be set together",
    ],
    [
      config.REMOTE_SIGNER_URL?.startsWith("http:") === true && tlsFiles.length > 0,
      `${tlsFiles.join(", ")} would have no effect: REMOTE_SIGNER_URL is not https`,
    ],
  ];
  return rules.flatMap(([isBroken, problem]) => (isBroken ? [problem] : []));
}

/** The same, and problems with files that several sidecars in one process must not share. */
export function sidecarRules(config: Partial<Static<typeof SidecarEnv>>): string[] {
  const several = indexesIn(config).length > 1;
  const shared = (["NATS_SEED_FILE", "SIDECAR_STATE_FILE"] as const).filter(
    (name) => several && config[name] !== undefined && !hasPlaceholder(config[name]),
  );
  const {indexes} = namesOf(config);
  return [
    ...keyShareRules(config),
    ...shared.map((name) => `${name} must have a placeholder such as {share_index}, because ${indexes} lists several`),
  ];
}
