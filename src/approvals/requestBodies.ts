import {toChecksumAddress} from "../runtime/checksumAddress.js";

/** A validator's exit for the oracles. Keys are 48 bytes in hex with 0x; both lists have one for each oracle, in config order. */
export type ExitToApprove = {
  readonly publicKey: string;
  /** The public keys of the shards. */
  readonly publicKeyShards: readonly string[];
  /** Each encrypted to its oracle, in hex with 0x. */
  readonly exitSignatureShards: readonly string[];
};

/** What the oracles are asked to approve before a registration. */
export type RegistrationRequest = {
  /** 20 bytes in hex with 0x, in any case. */
  readonly vault: string;
  /** The root of the deposit contract, 32 bytes in hex with 0x: the approval is void once it changes. */
  readonly validatorsRegistryRoot: string;
  /** The exit of the first validator is for this index, that of each other one for the next. */
  readonly validatorIndex: number;
  readonly validatorType: "0x01" | "0x02";
  /** In the order of the transaction; the signature is 96 bytes in hex with 0x, the amount gwei. */
  readonly registrations: readonly (ExitToApprove & {readonly depositSignature: string; readonly amount: number})[];
  /** The same as bytes of the transaction (encodeRegistrations): an oracle's signature must be of them. */
  readonly validators: Uint8Array;
  /** Of the vault's validators manager, 65 bytes in hex with 0x. */
  readonly managerSignature: string;
  /** Unix seconds; now and `signatureValidityS`. */
  readonly deadline: number;
};

/** What the oracles are asked to approve before exits of active validators replace earlier ones. */
export type RotationRequest = {
  readonly vault: string;
  /** Exits for the real indexes of the validators. */
  readonly exits: readonly ExitToApprove[];
  /** The Keeper's `exitSignaturesNonces` of the vault. */
  readonly nonce: bigint;
  readonly deadline: number;
};

/** What the oracles are asked to approve before validators become of type 0x02: each is source and target. */
export type ConsolidationRequest = {
  readonly vault: string;
  /** The ConsolidationsChecker that the vault asks, 20 bytes in hex with 0x. */
  readonly checker: string;
  /** 48 bytes in hex with 0x each. */
  readonly targets: readonly string[];
  /** The bytes of the transaction (encodeConsolidations). */
  readonly validators: Uint8Array;
};

/** The fields and their order are those of https://github.com/stakewise/v3-operator/blob/v4.2.0/src/validators/typings.py */
export const toRegistrationBody = (request: RegistrationRequest): Uint8Array =>
  toJson({
    validator_index: request.validatorIndex,
    vault_address: toChecksumAddress(request.vault),
    validators_root: request.validatorsRegistryRoot,
    public_keys: request.registrations.map(({publicKey}) => publicKey),
    deposit_signatures: request.registrations.map(({depositSignature}) => depositSignature),
    ...shardsOf(request.registrations),
    validators_manager_signature: request.managerSignature,
    deadline: request.deadline,
    amounts: request.validatorType === "0x01" ? null : request.registrations.map(({amount}) => amount),
  });

/** https://github.com/stakewise/v3-operator/blob/v4.2.0/src/exits/typings.py */
export const toRotationBody = ({vault, exits, deadline}: RotationRequest): Uint8Array =>
  toJson({
    vault_address: toChecksumAddress(vault),
    public_keys: exits.map(({publicKey}) => publicKey),
    ...shardsOf(exits),
    deadline,
  });

/** https://github.com/stakewise/v3-operator/blob/v4.2.0/src/validators/typings.py */
export const toConsolidationBody = ({vault, targets}: ConsolidationRequest): Uint8Array =>
  toJson({public_keys: targets, vault_address: toChecksumAddress(vault)});

const shardsOf = (exits: readonly ExitToApprove[]) => ({
  public_key_shards: exits.map(({publicKeyShards}) => publicKeyShards),
  exit_signature_shards: exits.map(({exitSignatureShards}) => exitSignatureShards),
});

const toJson = (body: object): Uint8Array => Buffer.from(JSON.stringify(body));
