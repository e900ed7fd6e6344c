import {listRoot, uint64Root} from "../../../consensus/sszRoots.js";
import {bare, base64Bytes, container, hexBytes, utf8} from "./fields.js";
import type {HashableDefinition, HashableLock, HashableValidator} from "./hashableLock.js";

/**
 * The config hash, or with `whole` the definition hash, of v1.0 to v1.2: text as bytes, lists of exact length, and empty fields
 * omitted.
 */
export function legacyDefinitionRoot(definition: HashableDefinition, minor: number, whole: boolean): Uint8Array {
  const {operators} = definition;
  const operatorRoots = operators.map((operator) =>
    whole ? operatorRoot(operator, minor) : (bare(utf8(operator.address)) ?? new Uint8Array(32)),
  );
  return container(
    bare(utf8(definition.uuid)),
    bare(utf8(definition.name)),
    bare(utf8(definition.version)),
    uint64Root(BigInt(definition.num_validators)),
    uint64Root(BigInt(definition.threshold)),
    bare(utf8(definition.fee_recipient_address)),
    bare(utf8(definition.withdrawal_address)),
    bare(utf8(definition.dkg_algorithm)),
    bare(utf8(definition.fork_version.toLowerCase())),
    listRoot(operatorRoots, operators.length),
    whole && minor === 0 ? undefined : bare(utf8(definition.timestamp)),
  );
}

type Operator = HashableDefinition["operators"][number];

function operatorRoot({address, enr, config_signature, enr_signature}: Operator, minor: number): Uint8Array {
  const bytes = minor <= 1 ? base64Bytes : hexBytes;
  const nonce = minor <= 1 ? uint64Root(0n) : undefined;
  return container(bare(utf8(address)), bare(utf8(enr)), nonce, bare(bytes(config_signature)), bare(bytes(enr_signature)));
}

/** The lock hash of v1.0 to v1.2. */
export function legacyLockRoot({cluster_definition, distributed_validators}: HashableLock, minor: number): Uint8Array {
  const validators = distributed_validators.map((validator) => validatorRoot(validator, minor));
  return container(legacyDefinitionRoot(cluster_definition, minor, true), listRoot(validators, validators.length));
}

function validatorRoot({distributed_public_key, public_shares}: HashableValidator, minor: number): Uint8Array {
  const bytes = minor <= 1 ? base64Bytes : hexBytes;
  const shares = public_shares.map((share) => bare(bytes(share)) ?? new Uint8Array(32));
  return container(bare(utf8(distributed_public_key.toLowerCase())), listRoot(shares, shares.length));
}
