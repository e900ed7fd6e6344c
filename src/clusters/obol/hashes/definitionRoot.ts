import {booleanRoot, byteVectorRoot, listRoot, uint64ListRoot, uint64Root} from "../../../consensus/sszRoots.js";
import {bare, container, type Field, hexBytes, padded, text} from "./fields.js";
import type {HashableDefinition} from "./hashableLock.js";

const maxOperators = 256;
export const maxValidators = 65_536;
const maxAmounts = 256;
/** The signatures of a Safe with several owners: https://docs.safe.global/advanced/smart-account-signatures */
const maxSignatures = 32;

/**
 * The config hash of v1.3 and later; given the config hash, the definition hash, which also covers what operators sign. Each
 * version appends its fields to those of the version before, except for the addresses.
 */
export function definitionRoot(
  definition: HashableDefinition,
  minor: number,
  configHash?: Uint8Array,
  validatorsRoot: Field = validatorsRootOf(definition, minor),
): Uint8Array {
  const whole = configHash !== undefined;
  const {creator, operators} = definition;
  const from = (first: number, root: () => Uint8Array): Field => (minor >= first ? root() : undefined);
  return container(
    text(definition.uuid, 64),
    text(definition.name, 256),
    text(definition.version, 16),
    text(definition.timestamp, 32),
    uint64Root(BigInt(definition.num_validators)),
    uint64Root(BigInt(definition.threshold)),
    ...(minor <= 4 ? addresses(definition, minor) : []),
    text(definition.dkg_algorithm, 32),
    byteVectorRoot(hexBytes(definition.fork_version)),
    listRoot(
      operators.map((operator) => operatorRoot(operator, minor, whole)),
      maxOperators,
    ),
    from(4, () => container(address(creator?.address, minor), whole ? signature(creator?.config_signature, minor) : undefined)),
    validatorsRoot,
    from(8, () => uint64ListRoot((definition.deposit_amounts ?? []).map(BigInt), maxAmounts)),
    from(9, () => text(definition.consensus_protocol, 256)),
    from(10, () => uint64Root(BigInt(definition.target_gas_limit ?? 0))),
    from(10, () => booleanRoot(definition.compounding ?? false)),
    configHash && byteVectorRoot(configHash),
  );
}

/** The root of the validators' addresses, which both hashes cover; versions before 1.5 have none. */
export const validatorsRootOf = ({validators}: HashableDefinition, minor: number): Field =>
  minor < 5
    ? undefined
    : listRoot(
        (validators ?? []).map((validator) => container(...addresses(validator, minor))),
        maxValidators,
      );

type Text = string | null | undefined;
type Addresses = {readonly fee_recipient_address?: Text; readonly withdrawal_address?: Text};

const address = (hex: Text, minor: number): Field => (minor <= 4 ? bare(hexBytes(hex)) : padded(hexBytes(hex), 20));

const addresses = ({fee_recipient_address, withdrawal_address}: Addresses, minor: number): Field[] => [
  address(fee_recipient_address, minor),
  address(withdrawal_address, minor),
];

function operatorRoot(operator: HashableDefinition["operators"][number], minor: number, whole: boolean): Uint8Array {
  if (!whole) return container(address(operator.address, minor));
  return container(
    address(operator.address, minor),
    text(operator.enr, 1024),
    signature(operator.config_signature, minor),
    signature(operator.enr_signature, minor),
  );
}

/** One signature of 65 bytes; from v1.11, any number of them, concatenated. */
function signature(hex: Text, minor: number): Field {
  const bytes = hexBytes(hex);
  if (minor <= 4) return bare(bytes);
  if (minor <= 10) return padded(bytes, 65);
  const each = Array.from({length: Math.ceil(bytes.length / 65)}, (_, n) => byteVectorRoot(bytes.subarray(65 * n, 65 * n + 65)));
  return listRoot(each, maxSignatures);
}
