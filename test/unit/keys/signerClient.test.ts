import {describe, expect, it} from "vitest";
import {createSigner} from "../../../src/keys/signerClient.js";
import type {TransportOptions} from "../../../src/keys/signerTransport.js";
import {toHex} from "../../../src/runtime/hex.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {patience} from "../../support/patience.js";
import {aSigner, pem, type Say, saying, sayingJson} from "../../support/signer.js";

const secretKey = aSecretKey();
const publicKey = toHex(secretKey.toPublicKey().toBytes());
const signingRoot = toHex(new Uint8Array(32).fill(7));
const signature = toHex(secretKey.sign(new Uint8Array(32).fill(7)).toBytes());
const request = {type: "VOLUNTARY_EXIT", signingRoot};
const signerAt = (url: string, options: Partial<TransportOptions> = {}) =>
  createSigner({url, timeoutMs: patience.pollMs, retryDelaysMs: [], ...options});
const html = saying(200, "<html>please log in</html>", "text/html");

describe("sign", () => {
  it.each<{id: string; sign: Say}>([
    {id: "JSON", sign: sayingJson(200, {signature})},
    {id: "text", sign: saying(200, signature)},
    {id: "text with a newline, in upper case, without 0x", sign: saying(200, `${signature.slice(2).toUpperCase()}\n`)},
  ])("takes an answer in $id", async ({sign}) => {
    const {url} = await aSigner({sign});
    expect(toHex(await signerAt(url).sign(publicKey, request))).toBe(signature);
  });

  it("posts the request as JSON to the key's path, below that of the URL and with its query", async () => {
    const {url, asked} = await aSigner({keys: [secretKey]});
    expect(toHex(await signerAt(`${url}/team-1/?tenant=a`).sign(publicKey, request))).toBe(signature);
    expect(asked).toMatchObject([
      {
        method: "POST",
        path: `/team-1/api/v1/eth2/sign/${publicKey}?tenant=a`,
        headers: {accept: "application/json", "content-type": "application/json"},
        body: JSON.stringify(request),
      },
    ]);
  });

  it.each<{id: string; sign: Say; code: string}>([
    {id: "404", sign: saying(404, "Public Key not found"), code: "SIGNER_KEY_UNKNOWN"},
    {id: "400", sign: saying(400, "Bad request format"), code: "SIGNER_REFUSED"},
    {id: "412", sign: saying(412, "Signing operation failed due to slashing protection rules"), code: "SIGNER_REFUSED"},
    {id: "401", sign: saying(401, ""), code: "SIGNER_UNAVAILABLE"},
    {id: "403", sign: saying(403, ""), code: "SIGNER_UNAVAILABLE"},
    {id: "429", sign: saying(429, ""), code: "SIGNER_UNAVAILABLE"},
    {id: "500", sign: saying(500, "Internal Web3Signer server error"), code: "SIGNER_UNAVAILABLE"},
    {id: "a redirect", sign: (response) => void response.writeHead(302, {location: "/"}).end(), code: "SIGNER_UNAVAILABLE"},
    {id: "HTML", sign: html, code: "SIGNER_UNAVAILABLE"},
    {id: "nothing", sign: saying(200, ""), code: "SIGNER_UNAVAILABLE"},
    {id: "a signature of 95 bytes", sign: saying(200, signature.slice(0, -2)), code: "SIGNER_UNAVAILABLE"},
    {id: "JSON without a signature", sign: sayingJson(200, {status: "ok"}), code: "SIGNER_UNAVAILABLE"},
    {
      id: "half of an answer",
      sign: (response) => void response.write("0x", () => response.destroy()),
      code: "SIGNER_UNAVAILABLE",
    },
    {id: "more than anybody reads", sign: saying(200, "0".repeat(2 ** 24 + 1)), code: "SIGNER_UNAVAILABLE"},
  ])("answers $id with $code", async ({sign, code}) => {
    const {url} = await aSigner({sign});
    await expect(signerAt(url).sign(publicKey, request)).rejects.toMatchObject({code});
  });

  it("gives up on one that hangs, before or within its answer", async () => {
    const hanging: Say[] = [() => {}, (response) => void response.writeHead(200).write("0x")];
    for (const sign of hanging) {
      const {url, asked} = await aSigner({sign});
      const asking = signerAt(url, {timeoutMs: 300, retryDelaysMs: [1, 1]}).sign(publicKey, request);
      await expect(asking).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE", message: expect.stringContaining("in time")});
      expect(asked).toHaveLength(1);
    }
  });

  it("cannot be asked of nobody", async () => {
    await expect(signerAt("http://127.0.0.1:1").sign(publicKey, request)).rejects.toMatchObject({
      code: "SIGNER_UNAVAILABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("one that is in trouble for a moment", () => {
  /** Says these in turn, and then signs. */
  const afterwards = (...says: Say[]): Say => {
    return (response, asked) => (says.shift() ?? saying(200, signature))(response, asked);
  };

  it("is asked again: after 500, 503, 429 and a connection that breaks", async () => {
    for (const trouble of [saying(500, ""), saying(503, ""), saying(429, ""), ((response) => response.destroy()) as Say]) {
      const {url, asked} = await aSigner({sign: afterwards(trouble, trouble)});
      const signer = signerAt(url, {retryDelaysMs: [1, 1]});
      expect(toHex(await signer.sign(publicKey, request))).toBe(signature);
      expect(asked).toHaveLength(3);
    }
  });

  it("is given up when it stays in trouble", async () => {
    const {url, asked} = await aSigner({sign: saying(503, "")});
    await expect(signerAt(url, {retryDelaysMs: [1, 1]}).sign(publicKey, request)).rejects.toMatchObject({
      code: "SIGNER_UNAVAILABLE",
      message: expect.stringContaining("503"),
    });
    expect(asked).toHaveLength(3);
  });

  it("is not asked again when it refuses", async () => {
    const {url, asked} = await aSigner({sign: afterwards(saying(412, ""))});
    await expect(signerAt(url, {retryDelaysMs: [1, 1]}).sign(publicKey, request)).rejects.toMatchObject({code: "SIGNER_REFUSED"});
    expect(asked).toHaveLength(1);
  });
});

describe("publicKeys", () => {
  it("are returned in lower case with 0x", async () => {
    const {url} = await aSigner({list: sayingJson(200, [`0x${"AB".repeat(48)}`, "cd".repeat(48)])});
    expect([...(await signerAt(url).publicKeys())]).toEqual([`0x${"ab".repeat(48)}`, `0x${"cd".repeat(48)}`]);
  });

  it.each<{id: string; list: Say}>([
    {id: "404", list: saying(404, "")},
    {id: "500", list: saying(500, "")},
    {id: "HTML", list: html},
    {id: "an object", list: sayingJson(200, {data: []})},
    {id: "numbers", list: sayingJson(200, [1, 2])},
  ])("are not known where it answers $id", async ({list}) => {
    const {url} = await aSigner({list});
    await expect(signerAt(url).publicKeys()).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE"});
  });
});

describe("check", () => {
  it.each<{id: string; upcheck: Say}>([
    {id: "says OK", upcheck: saying(200, "OK")},
    {id: "says so in JSON", upcheck: sayingJson(200, {status: "OK"})},
    {id: "has no /upcheck", upcheck: saying(404, "")},
  ])("takes one that $id", async ({upcheck}) => {
    const {url} = await aSigner({upcheck});
    await expect(signerAt(url).check()).resolves.toBeUndefined();
  });

  it("does not take one that says 503", async () => {
    const {url} = await aSigner({upcheck: saying(503, "")});
    await expect(signerAt(url).check()).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE"});
  });
});

describe("credentials", () => {
  const authorization = async (login: string, token?: string): Promise<string | undefined> => {
    const {port, asked} = await aSigner({keys: [secretKey]});
    await signerAt(`http://${login}127.0.0.1:${port}`, {token}).sign(publicKey, request);
    return asked[0]?.headers.authorization;
  };

  it("are none, a token, or the URL's", async () => {
    expect(await authorization("")).toBeUndefined();
    expect(await authorization("", "a-token")).toBe("Bearer a-token");
    expect(await authorization("user:p%40ss@")).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
  });

  it("appear in no error", async () => {
    const signer = signerAt("http://user:a-password@127.0.0.1:1/a-path-token", {token: "a-token"});
    const error = await signer.sign(publicKey, request).catch((it) => it);
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(told).toContain("SIGNER_UNAVAILABLE");
    expect(told).not.toMatch(/a-password|a-token|a-path-token/);
  });

  it.each(["signer:9000", "ftp://signer", "http://user:100%@signer", ""])("refuse what is no URL: %j", (url) => {
    expect(() => signerAt(url)).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
  });
});

describe("TLS", () => {
  const ca = pem("authority.pem");
  const own = {cert: pem("client.pem"), key: pem("test-only-client.key")};

  it("reaches a signer whose authority is known", async () => {
    const {url} = await aSigner({keys: [secretKey], tls: "server"});
    expect(toHex(await signerAt(url, {tls: {ca}}).sign(publicKey, request))).toBe(signature);
  });

  it("shows a certificate to a signer that asks for one", async () => {
    const {url} = await aSigner({keys: [secretKey], tls: "mutual"});
    expect(toHex(await signerAt(url, {tls: {ca, ...own}}).sign(publicKey, request))).toBe(signature);
  });

  it.each([
    {id: "of an authority that nobody named", tls: {}, kind: "server" as const},
    {id: "of another authority", tls: {ca: pem("other-authority.pem")}, kind: "server" as const},
    {id: "that asks for a certificate, and gets none", tls: {ca}, kind: "mutual" as const},
  ])("does not speak to a signer $id", async ({tls, kind}) => {
    const {url, asked} = await aSigner({keys: [secretKey], tls: kind});
    await expect(signerAt(url, {tls}).sign(publicKey, request)).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE"});
    expect(asked).toEqual([]);
  });

  it.each([
    {id: "an authority that is none", tls: {ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}},
    {id: "a certificate that is none", tls: {ca, cert: "a certificate", key: own.key}},
    {id: "another's key", tls: {ca, cert: own.cert, key: pem("test-only-server.key")}},
  ])("refuses $id, and never quotes it", ({tls}) => {
    expect(() => signerAt("https://127.0.0.1:1", {tls})).toThrow(
      expect.objectContaining({code: "CONFIG_INVALID", message: expect.not.stringMatching(/BEGIN|AAAA|a certificate/)}),
    );
  });
});
