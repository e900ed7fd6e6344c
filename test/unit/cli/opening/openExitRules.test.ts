import {expect, it} from "vitest";
import {openExitRules} from "../../../../src/cli/opening/openExitRules.js";
import {networks} from "../../../../src/consensus/networks.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../../src/runtime/waitFor.js";
import {publicKey} from "../../../support/examples/messages.js";
import {aLogger} from "../../../support/logger.js";

const [allowed, other] = ["11", "22"].map((byte) => `0x${byte.repeat(20)}`) as [string, string];
const credentialsOf = (address: string, type = "01") => `0x${type}${"00".repeat(11)}${address.slice(2)}`;

const rulesFor = (config: Record<string, string>) =>
  openExitRules({
    network: networks.hoodi,
    config: {
      EXITS_PER_HOUR: "1000",
      ALLOW_ACTIVE_VALIDATORS: "true",
      ALLOW_ROTATION: "false",
      ROTATIONS_PER_HOUR: "7",
      ...config,
    } as Parameters<typeof openExitRules>[0]["config"],
    env: {},
    depositRules: {allowedVaults: new Set([allowed]), withdrawalAddressOf: () => other},
    logger: aLogger().logger,
    shutdown: createShutdown({onError: () => {}}),
    waitFor: withoutWaiting,
  });

it("allows no rotation unless ALLOW_ROTATION is true", async () => {
  expect((await rulesFor({})).rotations).toBeUndefined();
});

it.each([
  {id: "an allowed vault", credentials: credentialsOf(allowed), isOfVault: true},
  {id: "an allowed vault, compounding", credentials: credentialsOf(allowed, "02"), isOfVault: true},
  {id: "the definition's address, which is not among the allowed vaults", credentials: credentialsOf(other), isOfVault: false},
  {id: "a BLS key", credentials: `0x00${"11".repeat(31)}`, isOfVault: false},
  {id: "an unknown type", credentials: credentialsOf(allowed, "03"), isOfVault: false},
  {id: "other bytes before the address", credentials: `0x0101${"00".repeat(10)}${"11".repeat(20)}`, isOfVault: false},
])("with ALLOW_ROTATION, credentials of $id: $isOfVault", async ({credentials, isOfVault}) => {
  const {rotations} = await rulesFor({ALLOW_ROTATION: "true"});
  expect(rotations?.perHour).toBe(7);
  expect(rotations?.isOfVault(publicKey, credentials)).toBe(isOfVault);
});
