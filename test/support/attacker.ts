import {readFile} from "node:fs/promises";
import {connect, type NatsConnection, nkeyAuthenticator} from "nats";
import {onTestFinished} from "vitest";

/** A connection with somebody's nkey and no manners: none of our code chooses its subjects. */
export async function connectRaw(url: string, seedFile: string, inboxPrefix?: string): Promise<NatsConnection> {
  const seed = new TextEncoder().encode((await readFile(seedFile, "utf8")).trim());
  const connection = await connect({
    servers: url,
    authenticator: nkeyAuthenticator(seed),
    ...(inboxPrefix !== undefined && {inboxPrefix}),
    reconnect: false,
  });
  onTestFinished(() => connection.close().catch(() => {}));
  return connection;
}

export type Answer = "answered" | "refused";

/** Whether anybody answers a request on this subject. Not being let, nobody there and silence are all the same: refused. */
export async function ask(connection: NatsConnection, subject: string, payload: object | string = ""): Promise<Answer> {
  const data = typeof payload === "string" ? payload : JSON.stringify(payload);
  try {
    await connection.request(subject, data, {timeout: 400});
    return "answered";
  } catch {
    return "refused";
  }
}

/** What the attacker hears on these subjects from now on. */
export function overhear(connection: NatsConnection, ...subjects: string[]): string[] {
  const heard: string[] = [];
  for (const subject of subjects) {
    connection.subscribe(subject, {
      callback: (error, message) => {
        if (!error) heard.push(message.subject);
      },
    });
  }
  return heard;
}
