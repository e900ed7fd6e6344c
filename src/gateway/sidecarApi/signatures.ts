import {Type} from "typebox";
import {ShareIndex} from "../../../schemas/fields.js";
import type {App} from "../app.js";
import type {Gateway} from "../gateway.js";
import {HexText} from "../hexText.js";
import {sidecarSecurity} from "../openApi.js";
import {sharesRefused} from "../sharesRefused.js";
import {takeShares} from "../takeShares.js";

const PublicKeyShare = Type.Object({share_index: Type.Integer(), public_key_share: HexText});

const Share = Type.Object({
  public_key: HexText,
  public_key_shares: Type.Optional(
    Type.Array(PublicKeyShare, {
      maxItems: 100,
      description: "compared with the cluster definition; version 2.0 sends none",
    }),
  ),
  exit_signature: HexText,
  deposit_signature: HexText,
});

const schema = {
  summary:
    "A sidecar's shares of exits and of the deposits that go with them; 422 names the bad ones, the good ones are taken all the same",
  security: sidecarSecurity,
  body: Type.Object({share_index: ShareIndex, shares: Type.Array(Share, {minItems: 1, maxItems: 10_000})}),
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
