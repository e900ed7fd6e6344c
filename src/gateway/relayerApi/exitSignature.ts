import {Type} from "typebox";
import {ShareIndex} from "../../../schemas/fields.js";
import type {App} from "../app.js";
import type {Gateway} from "../gateway.js";
import {HexText} from "../hexText.js";
import {sidecarSecurity} from "../openApi.js";
import {sharesRefused} from "../sharesRefused.js";
import {takeShares} from "../takeShares.js";

const schema = {
  summary: "A sidecar's shares of exits that are asked for; 422 names the bad ones, the good ones are taken all the same",
  security: sidecarSecurity,
  body: Type.Object({
    share_index: ShareIndex,
    shares: Type.Array(Type.Object({public_key: HexText, exit_signature: HexText}), {minItems: 1, maxItems: 10_000}),
  }),
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
