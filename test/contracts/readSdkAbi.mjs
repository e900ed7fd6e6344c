// Writes test/vectors/stakewise-sdk.json: node test/contracts/readSdkAbi.mjs. It installs StakeWise's SDK for that in a folder of its own,
// because the SDK brings far more than these lines.
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";

const version = "2.0.2";
const wanted = {
  Keeper: ["canHarvest", "isCollateralized"],
  Vault: ["admin", "multicall", "setValidatorsManager", "updateState", "vaultId", "version"],
};

const folder = mkdtempSync(join(tmpdir(), "dvt-sdk-"));
try {
  writeFileSync(join(folder, "package.json"), "{}");
  const packages = [`@stakewise/v3-sdk@${version}`, "ethers@6.12.1"];
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {cwd: folder, stdio: "inherit"});
  const {StakeWiseSDK} = createRequire(join(folder, "package.json"))("@stakewise/v3-sdk");
  // It asks nobody before a function is called.
  const {contracts} = new StakeWiseSDK({network: 1, endpoints: {web3: "http://127.0.0.1:9"}});
  const has = {Keeper: contracts.base.keeper, Vault: contracts.helpers.createVault(`0x${"11".repeat(20)}`)};
  const signatures = Object.entries(wanted).map(([name, functions]) => [
    name,
    functions.map((one) => has[name].interface.getFunction(one).format("full")),
  ]);
  const about = `signatures of StakeWise's contracts as @stakewise/v3-sdk ${version} has them`;
  writeFileSync(
    new URL("../vectors/stakewise-sdk.json", import.meta.url),
    `${JSON.stringify({about, contracts: Object.fromEntries(signatures)}, undefined, 1)}\n`,
  );
} finally {
  rmSync(folder, {recursive: true});
}
