import {Type} from "typebox";
import {ShareIndex} from "../../../schemas/fields.js";
import type {App} from "../../web/app.js";
import {examples} from "../apiDocument/examples.js";
import {sidecarSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {HexText, sharesRefused} from "../shares/postedShare.js";
import {takeShares} from "../shares/takeShares.js";

const PublicKeyShare = Type.Object({share_index: Type.Integer(), public_key_share: HexText});

const Share = Type.Object({
  public_key: HexText,
  public_key_shares: Type.Optional(
    Type.Array(PublicKeyShare, {
      maxItems: 100,
      description: "compared with the cluster definition; version 2.0 does not send them",
    }),
  ),
  exit_signature: HexText,
  deposit_signature: HexText,
});

const example = {
  public_key: examples.publicKey,
  public_key_shares: [{share_index: 1, public_key_share: examples.publicKeyShare}],
  exit_signature: examples.signature,
  deposit_signature: examples.otherSignature,
};

const schema = {
  summary: "Post a sidecar's shares of exits and deposits",
  description: [
    "422 names the bad shares, and which of the two signatures is bad; the good ones are taken all the same.",
    "Posting a share again costs nothing.",
  ].join(" "),
  security: sidecarSecurity,
  body: Type.Object(
    {share_index: ShareIndex, shares: Type.Array(Share, {minItems: 1, maxItems: 10_000})},
    {examples: [{share_index: 1, shares: [example]}]},
  ),
  response: {200: Type.Object({}), ...sharesRefused},
};

export function addSignatures(app: App, gateway: Gateway): void {
  app.post("/signatures", {schema}, async ({caller, body: {share_index: shareIndex, shares}}) => {
    const posted = shares.map((share) => ({
      publicKey: share.public_key,
      publicKeyShares: share.public_key_shares,
      exit: share.exit_signature,
      deposit: share.deposit_signature,
    }));
    await takeShares(gateway, {caller, shareIndex}, posted);
    return {};
  });
}
