import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import {isIP} from "node:net";
import {type BaseBlock, BitString, Integer, OctetString, Utf8String} from "asn1js";
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  GeneralName,
  GeneralNames,
  id_AuthorityKeyIdentifier,
  id_BasicConstraints,
  id_KeyUsage,
  id_SubjectAltName,
  id_SubjectKeyIdentifier,
} from "pkijs";

// PKI.js instead of the openssl command: the image and many machines lack it, and its versions differ. It has five packages, of one maker.

/** A certificate and its private key, as PEM. */
export type Certified = {readonly certificate: string; readonly key: string};

const curve = {name: "ECDSA", namedCurve: "P-256"};

/** A new private key on P-256, as PEM. */
export async function createTlsKey(): Promise<string> {
  const {privateKey} = await webcrypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  return createPrivateKey({key: der, format: "der", type: "pkcs8"}).export({format: "pem", type: "pkcs8"}).toString();
}

/** The certificate of an authority for servers, and for no other authorities, as PEM. */
export function issueAuthority(name: string, key: string, years: number): Promise<string> {
  const own = createPrivateKey(key);
  // keyCertSign, the sixth of the bits: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3
  const usage = new BitString({valueHex: Uint8Array.of(0b0000_0100), unusedBits: 2});
  const extensions = [
    toExtension(id_BasicConstraints, new BasicConstraints({cA: true, pathLenConstraint: 0}).toSchema(), true),
    toExtension(id_KeyUsage, usage, true),
  ];
  return issue({name, years, extensions, key: own}, {name, key: own});
}

/** A server's certificate for these hosts, names or IP addresses, as PEM. The first one is its common name. */
export function issueServer(
  hosts: readonly [string, ...string[]],
  key: string,
  authority: Certified,
  years: number,
): Promise<string> {
  const {subject} = new X509Certificate(authority.certificate);
  const names = new GeneralNames({names: hosts.map(toGeneralName)});
  return issue(
    {name: hosts[0], years, extensions: [toExtension(id_SubjectAltName, names.toSchema())], key: createPrivateKey(key)},
    {name: subject.replace(/^CN=/, ""), key: createPrivateKey(authority.key)},
  );
}

type Wanted = {readonly name: string; readonly years: number; readonly extensions: readonly Extension[]; readonly key: KeyObject};
type Signer = {readonly name: string; readonly key: KeyObject};

async function issue({name, years, extensions, key}: Wanted, signer: Signer): Promise<string> {
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({valueHex: serialNumber()});
  certificate.subject.typesAndValues.push(toCommonName(name));
  certificate.issuer.typesAndValues.push(toCommonName(signer.name));
  certificate.notBefore.value = new Date();
  certificate.notAfter.value = new Date(Date.now() + years * 365 * 86_400_000);
  await certificate.subjectPublicKeyInfo.importKey(await publicOf(key));
  const authorityKey = new AuthorityKeyIdentifier({keyIdentifier: new OctetString({valueHex: keyIdOf(signer.key)})});
  certificate.extensions = [
    ...extensions,
    toExtension(id_SubjectKeyIdentifier, new OctetString({valueHex: keyIdOf(key)})),
    toExtension(id_AuthorityKeyIdentifier, authorityKey.toSchema()),
  ];
  await certificate.sign(await privateOf(signer.key), "SHA-256");
  return new X509Certificate(Buffer.from(certificate.toSchema(true).toBER(false))).toString();
}

/** Positive, and too long to meet another. */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return new Uint8Array(bytes);
}

const toCommonName = (name: string): AttributeTypeAndValue =>
  new AttributeTypeAndValue({type: "2.5.4.3", value: new Utf8String({value: name})});

const toExtension = (extnID: string, value: BaseBlock, critical = false): Extension =>
  new Extension({extnID, critical, extnValue: value.toBER(false)});

const dnsName = 2;
const ipAddress = 7;

const toGeneralName = (host: string): GeneralName =>
  isIP(host) === 0
    ? new GeneralName({type: dnsName, value: host})
    : new GeneralName({type: ipAddress, value: new OctetString({valueHex: addressBytes(host)})});

/** 4 or 16 bytes. */
function addressBytes(host: string): Uint8Array {
  if (isIP(host) === 4) return Uint8Array.from(host.split("."), Number);
  const [head = "", tail] = new URL(`http://[${host}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string | undefined): string[] => (part ? part.split(":") : []);
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array.from({length: 8 - first.length - last.length}, () => "0"), ...last];
  return new Uint8Array(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

const derOf = (key: KeyObject): Buffer => createPublicKey(key).export({format: "der", type: "spki"});
const keyIdOf = (key: KeyObject): Uint8Array => new Uint8Array(createHash("sha256").update(derOf(key)).digest().subarray(0, 20));

const publicOf = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey("spki", derOf(key), curve, true, ["verify"]);
const privateOf = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey("pkcs8", key.export({format: "der", type: "pkcs8"}), curve, false, ["sign"]);
