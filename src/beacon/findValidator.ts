import {Type} from "typebox";
import {Compile} from "typebox/compile";
import type {Beacon} from "./connectBeacon.js";
import {unavailableAt} from "./node.js";

export type ChainValidator = {publicKey: string; index: string; status: string};

/** What the beacon chain knows. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH whenever it does not clearly say. */
export type ValidatorFinder = {
  /** By public key (in lower-case hex with 0x) or by index, at the head. Undefined: the chain has no such validator. */
  findValidator(id: string): Promise<ChainValidator | undefined>;
};

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/validator.yaml
const ValidatorAnswer = Compile(
  Type.Object({
    data: Type.Object({
      index: Type.String({pattern: "^[0-9]{1,20}$"}),
      status: Type.String({pattern: "^[a-z_]{1,32}$"}),
      validator: Type.Object({pubkey: Type.String({pattern: "^0x[0-9a-fA-F]{96}$"})}),
    }),
  }),
);

export const createValidatorFinder = (beacon: Pick<Beacon, "run">): ValidatorFinder => ({
  findValidator: (id) =>
    beacon.run(async (node) => {
      const answer = await node.ask({path: `beacon/states/head/validators/${id}`, answer: ValidatorAnswer});
      if (!answer) return undefined;
      const {index, status, validator} = answer.data;
      const found = {publicKey: validator.pubkey.toLowerCase(), index, status};
      if (id !== found.publicKey && id !== found.index) throw unavailableAt(node.host, "it answers for another validator");
      return found;
    }),
});
