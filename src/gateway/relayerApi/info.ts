import {Type} from "typebox";
import {Network, patterns} from "../../../schemas/fields.js";
import {DvtError} from "../../errors.js";
import {rememberFor} from "../../runtime/rememberFor.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {App} from "../../web/app.js";
import {examples} from "../apiDocument/examples.js";
import type {Gateway} from "../gateway.js";

const Info = Type.Object(
  {
    network: Network,
    validators_manager_address: Type.Optional(
      Type.String({
        pattern: patterns.address,
        description:
          "the address of the validators manager, if the gateway has its key, or the contract that accepts this key for all of its vaults; in EIP-55 checksum case",
      }),
    ),
  },
  {examples: [{network: "hoodi", validators_manager_address: examples.managerAddress}]},
);

/** Anybody may ask, and each answer asks the chain. */
const rememberedMs = 60_000;

export function addInfo(app: App, {network, manager}: Gateway): void {
  const schema = {summary: "The network, and the validators manager", response: {200: Info}};
  const findAddress = manager && rememberFor(rememberedMs, () => findCommonAddress(manager));
  app.get("/info", {config: {open: true}, schema}, async () => {
    const address = await findAddress?.();
    return {network: network.name, ...(address !== undefined && {validators_manager_address: address})};
  });
}

/**
 * StakeWise's operator compares it with what its vault names, and goes on without one. The key's own for a vault that does not accept
 * the key; none if the vaults name several, or while no node says which.
 */
async function findCommonAddress(manager: ValidatorsManager): Promise<string | undefined> {
  const found = await Promise.all(
    manager.vaults.map((vault) =>
      manager.findAccount(vault).then(
        (account): string | undefined => account.address,
        (error: unknown) =>
          error instanceof DvtError && error.code === "VALIDATORS_MANAGER_WRONG" ? manager.address : undefined,
      ),
    ),
  );
  const [address, ...others] = new Set(manager.vaults.length > 0 ? found : [manager.address]);
  return others.length === 0 ? address : undefined;
}
