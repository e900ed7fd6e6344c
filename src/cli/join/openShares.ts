import {type CheckedShares, checkShares, type SidecarInvitation} from "../../enrolment/checkShares.js";
import {createRemoteSigner} from "../../keys/remoteSigner.js";
import {createSigner} from "../../keys/signerClient.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import {homesOf} from "./homesOf.js";
import type {JoinOptions} from "./joinOptions.js";

/** Finds and opens this node's key shares, from where the user says or from the usual places. */
export async function openShares(
  invitation: SidecarInvitation,
  options: JoinOptions,
  env: NodeJS.ProcessEnv,
): Promise<CheckedShares> {
  const {keystores, definition, passwordFile, passwordDir, remoteSigner, verify} = options;
  const pathOf = (path: string | undefined) => (path === undefined ? undefined : userPath(path, env));
  return checkShares(invitation, {
    here: userPath(".", env),
    homes: await homesOf(env),
    named: pathOf(keystores),
    definition: pathOf(definition),
    passwords: {file: pathOf(passwordFile), directory: pathOf(passwordDir)},
    passwordFile: pathOf(passwordFile),
    verify,
    onProgress: createProgress("keystores").show,
    ...(remoteSigner !== undefined && {
      signer: createRemoteSigner(
        createSigner({
          url: remoteSigner,
          token: undefined,
          timeoutMs: 10_000,
          tls: {ca: undefined, cert: undefined, key: undefined},
        }),
        invitation.cluster.share_index,
      ),
    }),
  });
}
