import {DvtError} from "../errors.js";
import type {VaultContracts} from "../execution/vaultContracts.js";
import type {VaultMessage, VaultSigner} from "../execution/vaultSignature.js";
import type {ManagerAccount} from "./validatorsManager.js";

type Dependencies = {
  readonly signer: VaultSigner;
  readonly contracts: Pick<VaultContracts, "askSignature">;
};

/** No vault takes a message without validators. */
const uselessFor = (vault: string): VaultMessage => ({
  vault,
  validatorsRegistryRoot: `0x${"0".repeat(64)}`,
  validators: new Uint8Array(),
});

/**
 * The account that this key signs for, if the vault (20 bytes in hex with 0x) names `named` as its validators manager. A contract is
 * asked about signatures of a message that is of no use. VALIDATORS_MANAGER_WRONG, EXECUTION_UNAVAILABLE.
 */
export async function findManagerAccount(
  {signer, contracts}: Dependencies,
  vault: string,
  named: string,
): Promise<ManagerAccount> {
  if (named.toLowerCase() === signer.address.toLowerCase()) return {address: signer.address, kind: "key"};
  const message = uselessFor(vault);
  const ask = async (safe?: string) =>
    contracts.askSignature({
      vault,
      account: named,
      digest: signer.digestOf(message),
      signature: await signer.sign(message, safe),
    });
  const answer = await ask();
  if (answer === "accepted") return {address: named, kind: "contract"};
  if (answer === "no contract") throw wrong(vault, `${named}, and the key here is of ${signer.address}`, "use that key");
  if ((await ask(named)) === "accepted") return {address: named, kind: "safe"};
  const what = `the contract ${named}, which does not accept a signature of the key here, of ${signer.address}: ${answer.refuses}`;
  throw wrong(vault, what, "have the contract accept that key (ERC-1271)");
}

const wrong = (vault: string, what: string, todo: string): DvtError =>
  new DvtError(
    "VALIDATORS_MANAGER_WRONG",
    `read vault ${vault}: its validators manager is ${what}; ${todo}, or have the vault's admin call setValidatorsManager`,
  );
