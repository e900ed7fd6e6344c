import {createPrivateKey, X509Certificate} from "node:crypto";
import {expect, it} from "vitest";
import {createTlsKey, issueAuthority, issueServer} from "../../../src/centre/certificates.js";

const makeAuthority = async (): Promise<{certificate: string; key: string}> => {
  const key = await createTlsKey();
  return {key, certificate: await issueAuthority("an authority", key, 10)};
};

it("issues a server's certificate that its authority vouches for, for these hosts and no other", async () => {
  const authority = await makeAuthority();
  const key = await createTlsKey();
  const pem = await issueServer(["bus.example.org", "127.0.0.1", "::1", "2001:db8::7:1"], key, authority, 10);
  const [ca, server] = [new X509Certificate(authority.certificate), new X509Certificate(pem)];
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.verify(ca.publicKey)).toBe(true);
  expect(server.checkIssued(ca)).toBe(true);
  expect(server.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(server.checkHost("bus.example.org")).toBe("bus.example.org");
  expect(server.checkHost("example.org")).toBeUndefined();
  for (const address of ["127.0.0.1", "::1", "2001:db8::7:1"]) expect(server.checkIP(address), address).toBeDefined();
  expect(server.checkIP("127.0.0.2")).toBeUndefined();
});

it("issues certificates for as many years as it is told, with serial numbers of their own", async () => {
  const authority = await makeAuthority();
  const key = await createTlsKey();
  const issued = await Promise.all([1, 2].map((years) => issueServer(["a"], key, authority, years)));
  const certificates = issued.map((pem) => new X509Certificate(pem));
  const years = certificates.map(({validTo}) => (Date.parse(validTo) - Date.now()) / (365 * 86_400_000));
  expect(years.map(Math.round)).toEqual([1, 2]);
  expect(new Set(certificates.map(({serialNumber}) => serialNumber)).size).toBe(2);
});

it("vouches for nothing of another authority", async () => {
  const [authority, other] = await Promise.all([makeAuthority(), makeAuthority()]);
  const server = new X509Certificate(await issueServer(["a"], await createTlsKey(), authority, 10));
  expect(server.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
});
