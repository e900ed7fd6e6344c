import {get} from "node:http";

/** Where a role answers, and whether it is to be ready too. */
export type HealthQuestion = {readonly host: string; readonly port: number; readonly ready: boolean};

const answersWithinMs = 5000;
/** More than every reason at once. */
const mostCharacters = 16_384;

/** Asks a status port. `text` is the answer, or why there is none. */
export function askHealth({host, port, ready}: HealthQuestion): Promise<{isGood: boolean; text: string}> {
  const own = ownAddresses.get(host) ?? host;
  return new Promise((resolve) => {
    const fail = (problem: string): void =>
      resolve({isGood: false, text: `nothing answers at ${host}:${port} (STATUS_HOST, STATUS_PORT): ${problem}`});
    const options = {host: own, port, path: ready ? "/readyz" : "/healthz", signal: AbortSignal.timeout(answersWithinMs)};
    const request = get({...options, agent: false}, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < mostCharacters) text += chunk;
      });
      response.on("end", () => resolve({isGood: response.statusCode === 200, text: text.trimEnd()}));
      response.on("error", ({message}) => fail(message));
    });
    request.on("error", ({name, message}) =>
      fail(name === "AbortError" ? `no answer within ${answersWithinMs / 1000} s` : message),
    );
  });
}

/** Who listens on every address is asked on loopback. */
const ownAddresses: ReadonlyMap<string, string> = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);
