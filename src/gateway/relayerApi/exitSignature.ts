import {Type} from "typebox";
import {ShareIndex} from "../../../schemas/fields.js";
import type {App} from "../../web/app.js";
import {examples} from "../apiDocument/examples.js";
import {sidecarSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {HexText, sharesRefused} from "../shares/postedShare.js";
import {takeShares} from "../shares/takeShares.js";

const schema = {
  summary: "Post a sidecar's shares of exits",
  description: "422 names the bad shares; the good ones are taken all the same. Posting a share again costs nothing.",
  security: sidecarSecurity,
  body: Type.Object(
    {
      share_index: ShareIndex,
      shares: Type.Array(Type.Object({public_key: HexText, exit_signature: HexText}), {minItems: 1, maxItems: 10_000}),
    },
    {examples: [{share_index: 1, shares: [{public_key: examples.publicKey, exit_signature: examples.signature}]}]},
  ),
  response: {
    200: Type.Object({}),
    ...sharesRefused,
  },
};

export function addExitSignature(app: App, gateway: Gateway): void {
  app.post("/exit-signature", {schema}, async ({caller, body: {share_index: shareIndex, shares}}) => {
    const posted = shares.map(({public_key, exit_signature}) => ({publicKey: public_key, exit: exit_signature}));
    await takeShares(gateway, {caller, shareIndex}, posted);
    return {};
  });
}
