import {expect, it} from "vitest";
import {type AuthConfig, openCredentials} from "../../../../src/cli/gateway/openCredentials.js";
import {someParticipants} from "../../../support/examples/participants.js";
import {aLogger} from "../../../support/logger.js";

const participants = someParticipants({network: "hoodi", operatorIds: ["acme"], clusters: []});
const secret = "1".repeat(64);
const open = (config: Partial<AuthConfig>) =>
  openCredentials(participants, ["acme"], {
    config: {GATEWAY_AUTH: "tokens", GATEWAY_HOST: "127.0.0.1", ...config},
    env: {},
    logger: aLogger().logger,
  });

it.each<{id: string; config: Partial<AuthConfig>}>([
  {id: "an address that others may reach", config: {GATEWAY_HOST: "0.0.0.0"}},
  {id: "every address of IPv6", config: {GATEWAY_HOST: "::"}},
  {id: "a name that only begins like loopback", config: {GATEWAY_HOST: "127.0.0.1.example"}},
  {id: "both: nobody is asked, and a secret", config: {GATEWAY_AUTH: "none", RELAYER_JWT_SECRET: secret}},
])("is refused: $id, without a word of who may ask", async ({config}) => {
  await expect(open(config)).rejects.toMatchObject({code: "CONFIG_INVALID"});
});

it.each<{id: string; config: Partial<AuthConfig>}>([
  {id: "on loopback", config: {}},
  {id: "on loopback by name", config: {GATEWAY_HOST: "localhost"}},
  {id: "on loopback of IPv6", config: {GATEWAY_HOST: "::1"}},
  {id: "anywhere, where that is said aloud", config: {GATEWAY_HOST: "0.0.0.0", GATEWAY_AUTH: "none"}},
])("asks nobody who they are $id", async ({config}) => {
  expect(await open(config)).toBeUndefined();
});

it("asks everybody once there is a secret, on loopback too", async () => {
  const key = new Uint8Array(32).fill(0x11);
  expect(await open({RELAYER_JWT_SECRET: secret})).toEqual({tokens: [], jwtSecrets: [{operatorId: "acme", key}]});
});
