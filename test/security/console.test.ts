import {createHash} from "node:crypto";
import {writeFile} from "node:fs/promises";
import {request} from "node:http";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {createSystem} from "../support/system.js";

type Asking = {path?: string; method?: string; headers?: Record<string, string>};

/** The status and the headers of an answer; fetch would not send these headers. */
const ask = (url: string, {path = "/", method = "GET", headers = {}}: Asking = {}) =>
  new Promise<{status: number; headers: NodeJS.Dict<string | string[]>}>((resolve, reject) => {
    const asking = request(new URL(path, url), {method, headers}, (answer) => {
      answer.resume();
      answer.once("end", () => resolve({status: answer.statusCode ?? 0, headers: answer.headers}));
    });
    asking.once("error", reject);
    asking.end();
  });

/** A page that is looked at, until the test ends. */
async function look(url: string): Promise<number> {
  const answer = await fetch(`${url}/live?url=/`);
  // fetch closes the connection of an answer that nobody holds any more.
  onTestFinished(() => answer.body?.cancel());
  return answer.status;
}

describe("the console on loopback", () => {
  it("answers only to a name of this machine and to no page of another site, changes nothing, and lets no page show it or read it", async () => {
    const system = await createSystem({validators: 1});
    const {url} = await system.console();
    const {host} = new URL(url);
    const statusOf = async (asking: Asking): Promise<number> => (await ask(url, asking)).status;
    expect(await statusOf({})).toBe(200);
    for (const path of ["/", "/exits", "/live?url=/"]) {
      expect(await statusOf({path, headers: {host: "evil.example"}})).toBe(403);
      expect(await statusOf({path, headers: {host, origin: "https://evil.example"}})).toBe(403);
    }
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) expect(await statusOf({method})).toBe(405);

    const {headers} = await ask(url, {headers: {host, origin: url}});
    const policy = String(headers["content-security-policy"]);
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(policy).not.toContain("unsafe");
    expect(headers).toMatchObject({"x-content-type-options": "nosniff", "cache-control": "no-store"});
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("takes some hundred viewers, and tells the next one so", async () => {
    const system = await createSystem({validators: 1});
    const {url} = await system.console();
    const statuses = await Promise.all(Array.from({length: 300}, () => look(url)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await ask(url, {path: "/live?url=/"});
    expect(refused).toMatchObject({status: 429, headers: {"retry-after": "10"}});
    expect((await ask(url)).status).toBe(200);
  });
});

describe("the console on another address", () => {
  it("does not start without tokens, and shows nothing to whoever has none", async () => {
    const system = await createSystem({validators: 1});
    await expect(system.console({CONSOLE_HOST: "0.0.0.0"})).rejects.toThrow("set CONSOLE_TOKENS_FILE");

    const file = join(system.folder, "tokens.json");
    await writeFile(file, JSON.stringify([{name: "maria", sha256: createHash("sha256").update("s3cret").digest("hex")}]));
    const {url} = await system.console({CONSOLE_HOST: "0.0.0.0", CONSOLE_TOKENS_FILE: file});
    const basic = (login: string): Asking => ({headers: {authorization: `Basic ${Buffer.from(login).toString("base64")}`}});
    expect(await ask(url)).toMatchObject({status: 401, headers: {"www-authenticate": expect.stringContaining("Basic")}});
    for (const path of ["/exits", "/live?url=/", "/system"]) expect((await ask(url, {path})).status).toBe(401);
    expect((await ask(url, basic("joao:s3cret"))).status).toBe(401);
    expect((await ask(url, basic("maria:S3cret"))).status).toBe(401);
    expect((await ask(url, basic("maria:s3cret"))).status).toBe(200);
    expect((await ask(url, {headers: {authorization: "Bearer s3cret"}})).status).toBe(200);
  });
});
