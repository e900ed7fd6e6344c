import {expect, it} from "vitest";
import {findSigner} from "../../../../src/aggregator/shares/findSigner.js";
import {toClusters} from "../../../../src/clusters/clusters.js";
import {networks} from "../../../../src/consensus/networks.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {publicKey as nobodys} from "../../../support/examples/messages.js";

const {definition} = aCluster();
const [publicKey = ""] = definition.validators.keys();
const c1 = {id: "c1", operatorIds: ["op-1"], ...definition, network: networks.hoodi.name};

it.each([
  {id: "a cluster that is not there", awaited: [], cluster_id: "c2", public_key: publicKey, code: "CLUSTER_UNKNOWN"},
  {id: "a cluster that cannot be read now", awaited: ["c2"], cluster_id: "c2", public_key: publicKey, code: "DEFINITION_AWAITED"},
  {id: "a validator that is not there", awaited: ["c2"], cluster_id: "c1", public_key: nobodys, code: "VALIDATOR_UNKNOWN"},
  {
    id: "a validator of a cluster that was read before, and not now",
    awaited: ["c1"],
    cluster_id: "c1",
    public_key: nobodys,
    code: "DEFINITION_AWAITED",
  },
  {id: "a share index that is not there", awaited: ["c1"], cluster_id: "c1", public_key: publicKey, code: "SHARE_INDEX_UNKNOWN"},
])("a share from $id is $code", ({awaited, cluster_id, public_key, code}) => {
  const clusters = toClusters([c1], awaited);
  expect(() => findSigner({clusters}, {cluster_id, public_key, share_index: 9})).toThrow(expect.objectContaining({code}));
});
