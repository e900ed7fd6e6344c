import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {openFiles} from "../../../src/cli/opening/liveFiles.js";
import {networks} from "../../../src/consensus/networks.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../src/runtime/waitFor.js";
import {finalize, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {anOwner, aRegistration, deploySsvContract, operators} from "../../support/chain/ssvContract.js";
import {aParticipantsFile} from "../../support/examples/participants.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";

it("a role knows the validators of an SSV cluster on the chain, and one that is removed no more", async () => {
  const anvil = await startAnvil({chainId: networks.hoodi.chainId});
  onTestFinished(() => anvil.stop());
  const contract = await deploySsvContract(anvil);
  const owner = anOwner();
  const [stays, goes] = [0, 1].map((nonce) => aRegistration({owner, nonce}));
  if (!stays || !goes) throw new Error("no registrations");
  for (const one of [stays, goes]) await contract.add(one);
  await finalize(anvil);

  const folder = await temporaryFolder();
  const definition = {ssv_operator_ids: operators, ssv_owners: [owner]};
  const file = aParticipantsFile() as {clusters: {sidecars: {share_index: number}[]}[]};
  const [cluster] = file.clusters;
  Object.assign(cluster ?? {}, {definition, sidecars: cluster?.sidecars.map((it) => ({...it, share_index: operators[0]}))});
  const participantsFile = join(folder, "participants.json");
  await writeFile(participantsFile, JSON.stringify(file));
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  const files = await openFiles({
    waitFor: withoutWaiting,
    config: {
      NETWORK: "hoodi",
      PARTICIPANTS_FILE: participantsFile,
      RELOAD_EVERY: "1h",
      EXECUTION_ENDPOINT: anvil.url,
      SSV_CONTRACT: contract.address,
      SSV_CHECKPOINT_FILE: join(folder, "checkpoint.json"),
    },
    env: {},
    verify: true,
    logger: aLogger().logger,
    shutdown,
  });
  for (const {publicKey} of [stays, goes]) expect(files.clusters.byPublicKey(publicKey)?.cluster.id).toBe("alpha");

  const updated = new Promise<void>((resolve) => {
    const onClusters = async (): Promise<void> => {
      if (!files.clusters.byPublicKey(goes.publicKey)) resolve();
    };
    files.follow({findHeld: async ({removed}) => removed, onClusters});
  });
  await contract.remove(goes);
  await finalize(anvil);
  // Nobody looks at files: the chain says by itself that there is something new, within the 12 s of a slot.
  await updated;
  expect(files.clusters.byPublicKey(stays.publicKey)?.validator.publicKeyShares.size).toBe(4);
});
