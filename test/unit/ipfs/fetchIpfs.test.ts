import {describe, expect, it} from "vitest";
import {fetchIpfs} from "../../../src/ipfs/fetchIpfs.js";
import {readFileBlock} from "../../../src/ipfs/fileBlock.js";
import {type IpfsFile, toIpfsFile} from "../../../src/sandbox/chain/ipfsFile.js";
import {answers, startTestGateway} from "../../support/ipfsGateway.js";

const {signal} = new AbortController();
const file = await toIpfsFile('{"oracles": []}\n');
const rawFile = await toIpfsFile('{"oracles": []}\n', "raw");
const other = await toIpfsFile('{"oracles": ["another"]}\n');
const fetchFrom = (urls: readonly string[], {cid}: IpfsFile = file, timeoutMs = 5000) =>
  fetchIpfs(cid, {gateways: urls.map((url) => new URL(url)), signal, timeoutMs});

describe("fetchIpfs", () => {
  it.each([
    {id: "the block", of: file, answer: answers.of(file.block, file.content)},
    {id: "a raw block", of: rawFile, answer: answers.send(rawFile.block)},
    {id: "the plain file, whatever it is asked for", of: file, answer: answers.send(file.content)},
    {
      id: "the plain file only where no block is asked for",
      of: file,
      answer: answers.onlyFiles(file.content),
    },
  ])("takes $id", async ({of, answer}) => {
    const gateway = await startTestGateway(answer);
    const block = await fetchFrom([gateway.url], of);
    expect(readFileBlock(of.cid, block)).toEqual(of.content);
    expect(gateway.asked[0]).toBe(`/ipfs/${of.cid}?format=raw`);
    expect(gateway.headers[0]).toMatchObject({accept: "application/vnd.ipld.raw"});
  });

  it.each<{id: string; answer: Parameters<typeof startTestGateway>[0]; timeoutMs?: number}>([
    {id: "gives another block", answer: answers.of(other.block, other.content)},
    {id: "gives a page of HTML", answer: answers.send("<html>200</html>")},
    {id: "gives nothing", answer: answers.send("")},
    {id: "gives more than a block", answer: answers.endless},
    {id: "is in trouble", answer: answers.send("bad gateway", 502)},
    {id: "does not have it", answer: answers.send("not found", 404)},
    {id: "redirects in a circle", answer: answers.redirect("")},
    {id: "redirects to a file", answer: answers.redirect("file:///etc")},
    {id: "does not answer", answer: answers.hang, timeoutMs: 700},
  ])("asks the next gateway where one $id", async ({answer, timeoutMs}) => {
    const [bad, good] = await Promise.all([startTestGateway(answer), startTestGateway(answers.of(file.block, file.content))]);
    expect(await fetchFrom([bad.url, good.url], file, timeoutMs)).toEqual(file.block);
    expect(bad.asked.length).toBeGreaterThan(0);
  });

  it("follows a redirect, and takes no login there", async () => {
    const there = await startTestGateway(answers.of(file.block, file.content));
    const here = await startTestGateway(answers.redirect(there.url));
    expect(await fetchFrom([`http://user:pass@${here.host}/of/us?key=abc`])).toEqual(file.block);
    expect(here.asked).toEqual([`/of/us/ipfs/${file.cid}?key=abc&format=raw`]);
    expect(here.headers[0]).toHaveProperty("authorization", `Basic ${Buffer.from("user:pass").toString("base64")}`);
    expect(there.headers[0]).not.toHaveProperty("authorization");
  });

  it("throws IPFS_UNAVAILABLE if none has it, with hosts and reasons but no keys", async () => {
    const gateway = await startTestGateway(answers.send("secret", 403));
    const error = await fetchFrom([`http://canary:canary@${gateway.host}/canary?canary=1`, "http://127.0.0.1:2"]).catch(
      (it) => it,
    );
    expect(error).toMatchObject({code: "IPFS_UNAVAILABLE"});
    expect(error.message).toContain(`${gateway.host}: it answers 403; 127.0.0.1:2: it cannot be reached`);
    expect(error.message).not.toMatch(/canary|secret/);
  });

  it("asks nobody for what is no CID", async () => {
    const gateway = await startTestGateway(answers.hang);
    await expect(fetchFrom([gateway.url], {...file, cid: "../config"})).rejects.toMatchObject({code: "IPFS_CONTENT_INVALID"});
    expect(gateway.asked).toEqual([]);
  });
});
