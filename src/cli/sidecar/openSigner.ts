import {createSigner, type Signer} from "../../keys/signerClient.js";
import {readText} from "../../runtime/files.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import type {KeyShareConfig} from "./shareIndexes.js";

/** The remote signer at this URL, with the settings of the environment. */
export async function openSigner(url: string, config: KeyShareConfig, env: NodeJS.ProcessEnv): Promise<Signer> {
  const {REMOTE_SIGNER_CA_FILE: ca, REMOTE_SIGNER_CERT_FILE: cert, REMOTE_SIGNER_KEY_FILE: key} = config;
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  return createSigner({
    url,
    token: config.REMOTE_SIGNER_TOKEN,
    timeoutMs: 1000 * Number(config.REMOTE_SIGNER_TIMEOUT),
    tls: {
      ca: ca && (await readText(userPath(ca, env), "the signer's authority")),
      cert: cert && (await readText(userPath(cert, env), "the certificate for the signer")),
      key: key && (await readKeyFile(userPath(key, env), "the certificate's key", {allowExposed})),
    },
  });
}
