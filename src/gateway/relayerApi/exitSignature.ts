import {Type} from "typebox";
import {ShareIndex} from "../../../schemas/fields.js";
import type {App} from "../app.js";
import {assertMayPostShare} from "../caller.js";
import type {Gateway} from "../gateway.js";
import {problemOf, sidecarSecurity} from "../openApi.js";
import {Problem} from "../problem.js";
import {takeShares} from "../takeShares.js";

/** Read one by one, so that one that is no hex is a bad share and not a bad request. */
const Text = Type.String({maxLength: 256});

const schema = {
  summary: "A sidecar's shares of exits that are asked for; 422 names the bad ones, the good ones are taken all the same",
  security: sidecarSecurity,
  body: Type.Object({
    share_index: ShareIndex,
    shares: Type.Array(Type.Object({public_key: Text, exit_signature: Text}), {minItems: 1, maxItems: 10_000}),
  }),
  response: {
    200: Type.Object({}),
    ...problemOf("SHARES_REFUSED", "Some are bad; the others are taken", {
      shares: Type.Array(Type.Object({public_key: Type.String(), code: Type.String()})),
    }),
  },
};

export function addExitSignature(app: App, gateway: Gateway): void {
  app.post("/exit-signature", {schema}, async ({caller, body: {share_index, shares}}) => {
    assertMayPostShare(caller, share_index);
    const posted = shares.map(({public_key, exit_signature}) => ({publicKey: public_key, signature: exit_signature}));
    const bad = await takeShares(gateway, caller, share_index, posted);
    const [first] = bad;
    if (first) {
      const named = `${first.public_key} ${first.code}`;
      throw new Problem("SHARES_REFUSED", `${bad.length} of ${shares.length} shares are refused: ${named}`, {shares: bad});
    }
    return {};
  });
}
