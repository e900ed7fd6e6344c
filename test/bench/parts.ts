import {maxBatchSize} from "../../schemas/exitBatch.js";
import {findInvalid} from "../../src/bls/batch.js";
import {parseSecretKey, readSignature, type SecretKey, type Signature} from "../../src/bls/curve.js";
import {randomScalar, scalarToBytes} from "../../src/bls/scalar.js";
import {recoverSignature} from "../../src/bls/threshold.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {decrypt, encrypt} from "../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {areShardsOf} from "../../src/exits/checkShards.js";
import {recoverExit, verifyShare} from "../../src/exits/recoverExit.js";
import {blind, randomCoefficients, splitExit} from "../../src/exits/splitExit.js";
import {decode} from "../../src/messaging/decode.js";
import {createSeed, toIdentity} from "../../src/messaging/identity.js";
import {signMessage, verifyMessage} from "../../src/messaging/signature.js";
import {type DealtValidator, dealValidator} from "../../src/sandbox/makeCluster.js";
import {type ExampleMessage, exampleMessages} from "./exampleMessages.js";

/** Something that the roles do over and over. `prepare` makes what it needs and returns what is timed. */
export type Part = {
  readonly name: string;
  readonly prepare: () => () => unknown;
  /** How many operations one call is; the time is told of one. */
  readonly operations?: number;
};

const network = networks.hoodi;
const root = voluntaryExitSigningRoot(network, 1_234_567);
const oracles = {count: 11, threshold: 6};

/** One BLS signature: the measure that the other times are told in. */
export const signPart: Part = {
  name: "sign",
  prepare: () => {
    const secretKey = aSecretKey();
    return () => secretKey.sign(root);
  },
};

export const parts: readonly Part[] = [
  signPart,
  {name: "signing root", prepare: () => () => voluntaryExitSigningRoot(network, 1_234_567)},
  {
    name: "verify alone",
    prepare: () => {
      const {publicKey, bytes} = aShare();
      return () => expectDone(verifyShare(publicKey, root, bytes));
    },
  },
  ...[1, 8, 64].map(verifyBatch),
  ...[
    {nodes: 4, threshold: 3},
    {nodes: 7, threshold: 5},
    {nodes: 10, threshold: 7},
    {nodes: 13, threshold: 9},
  ].flatMap(recover),
  {
    name: `split ${oracles.threshold} of ${oracles.count}`,
    prepare: () => {
      const exit = anExit();
      return () => splitExit(exit, oracles.count, blind(exit.root, randomCoefficients(oracles.threshold)));
    },
  },
  {
    name: `check shards ${oracles.threshold} of ${oracles.count}`,
    prepare: () => {
      const exit = anExit();
      const shards = splitExit(exit, oracles.count, blind(exit.root, randomCoefficients(oracles.threshold)));
      const keys = shards.map(({publicKey}) => publicKey.toBytes());
      return () => expectDone(areShardsOf(exit.publicKey, keys, oracles.threshold) || undefined);
    },
  },
  {
    name: "ecies encrypt",
    prepare: () => {
      const publicKey = publicKeyOf(generatePrivateKey());
      const {bytes} = aShare();
      return () => encrypt(publicKey, bytes);
    },
  },
  {
    name: "ecies decrypt",
    prepare: () => {
      const privateKey = generatePrivateKey();
      const ciphertext = encrypt(publicKeyOf(privateKey), aShare().bytes);
      return () => decrypt(privateKey, ciphertext);
    },
  },
  {
    name: "message sign",
    prepare: () => {
      const {identity, subject, data} = anEnvelope();
      return () => signMessage(identity, subject, data);
    },
  },
  {
    name: "message verify",
    prepare: () => {
      const {identity, subject, data} = anEnvelope();
      const header = signMessage(identity, subject, data);
      return () => verifyMessage([identity.nkey], subject, data, header);
    },
  },
  ...exampleMessages().flatMap(codec),
];

/** As many signatures of an exit stand together as the aggregator has in a cluster of 4: three shares and what they recover to. */
const signaturesOfExit = 4;

/** From the bytes, as they come out of decryption. */
function verifyBatch(size: number): Part {
  return {
    name: `verify batch of ${size}`,
    operations: size,
    prepare: () => {
      const batch = Array.from({length: Math.ceil(size / signaturesOfExit)}, (_, exit) => {
        const root = voluntaryExitSigningRoot(network, exit);
        const signed = Array.from({length: Math.min(size, signaturesOfExit)}, () => aShare(root));
        return {root, signed};
      });
      return async () => {
        const read = batch.map(({root, signed}) => ({
          root,
          signatures: signed.map(({publicKey, bytes}) => ({publicKey, signature: readSignature(bytes)})),
        }));
        expectDone((await findInvalid(read)).length === 0 || undefined);
      };
    },
  };
}

function recover({nodes, threshold}: {nodes: number; threshold: number}): Part[] {
  const dealt = () => {
    const {secretKey, secretShares} = dealValidator(nodes, threshold);
    const held = secretShares.slice(0, threshold).map((share, position): [number, Signature] => [position + 1, share.sign(root)]);
    return {publicKey: secretKey.toPublicKey(), shares: new Map(held)};
  };
  return [
    {
      name: `interpolate ${threshold} of ${nodes}`,
      prepare: () => {
        const {shares} = dealt();
        return () => recoverSignature(shares);
      },
    },
    {
      name: `recover ${threshold} of ${nodes}`,
      prepare: () => {
        const {publicKey, shares} = dealt();
        return () => expectDone(recoverExit(shares, {threshold, publicKey, root}));
      },
    },
  ];
}

const utf8 = new TextEncoder();

function codec({name, message, payload}: ExampleMessage): Part[] {
  const encode = (): Uint8Array => utf8.encode(JSON.stringify(payload));
  const size = name === "exit_batch" ? ` of ${maxBatchSize}` : "";
  return [
    {name: `encode ${name}${size}`, prepare: () => () => [message.subject(payload), encode()]},
    {
      name: `decode ${name}${size}`,
      prepare: () => {
        const subject = message.subject(payload);
        const data = encode();
        return () => decode(message, subject, data);
      },
    },
  ];
}

const aSecretKey = (): SecretKey => parseSecretKey(scalarToBytes(randomScalar()));

function aShare(signed = root) {
  const secretKey = aSecretKey();
  return {publicKey: secretKey.toPublicKey(), bytes: secretKey.sign(signed).toBytes()};
}

function anExit() {
  const {secretKey}: DealtValidator = dealValidator(4, 3);
  return {signature: secretKey.sign(root), publicKey: secretKey.toPublicKey(), root};
}

function anEnvelope() {
  const identity = toIdentity("sidecar-alpha-3", createSeed().seed);
  const share = exampleMessages().find(({name}) => name === "exit_share") as ExampleMessage;
  return {identity, subject: share.message.subject(share.payload), data: utf8.encode(JSON.stringify(share.payload))};
}

/** A part that does not do its work would be the fastest of all. */
function expectDone<T>(result: T | undefined): T {
  if (result === undefined) throw new Error("bench: a part did not do its work");
  return result;
}
