import {setTimeout as delay} from "node:timers/promises";
import {expect, it} from "vitest";
import {createStage, type Stage} from "../../support/stage.js";
import {type Answer, post, send, signatureOf, startCentre, startTestGateway} from "../../support/testGateway.js";

const count = 1000;
const firstIndex = 1000;
/** StakeWise's wait twice as long. */
const betweenPollsMs = 1000;
/** StakeWise's give up after 10 s; but here all share one thread, and the machine may be busy. */
const waitMs = 30_000;

/** In the body of its request, a share of each exit. */
const sharesOf = ({dealt}: Stage, shareIndex: number): Map<string, object> =>
  new Map(
    dealt.map((it, position) => [
      it.publicKeyHex,
      {public_key: it.publicKeyHex, exit_signature: signatureOf(it, shareIndex, firstIndex + position)},
    ]),
  );

/** Polls until it sees what it waits for; remembers how long each answer took. */
async function poll(times: number[], look: () => Promise<Answer>, isDone: (body: Answer["body"]) => boolean): Promise<Answer> {
  for (;;) {
    const since = performance.now();
    const answer = await look();
    times.push(performance.now() - since);
    // Where it would take too long the answer is 503, which StakeWise's survive: they ask again.
    if (answer.status !== 200 && answer.status !== 503) throw new Error(`${answer.status} ${answer.reason}`);
    if (answer.status === 200 && isDone(answer.body)) return answer;
    await delay(betweenPollsMs);
  }
}

type Listed = {public_key: string; is_exit_signature_ready: boolean};

it("gets a thousand exits from clients that poll, each share published once and no client kept waiting", async () => {
  const stage = await createStage({validators: count, oracles: 3, oracleThreshold: 2});
  const nodes = [1, 2, 3].map((shareIndex) => ({shareIndex, shares: sharesOf(stage, shareIndex)}));
  await startCentre(stage);
  const {url} = await startTestGateway(stage, {resendAfterMs: 600_000});
  const times: number[] = [];
  const public_keys = stage.dealt.map(({publicKeyHex}) => publicKeyHex);
  const asking = poll(
    times,
    () => post(`${url}/validators`, {public_keys}),
    ({ready}) => ready === true,
  );
  const sharing = nodes.map(async ({shareIndex, shares}) => {
    const isReady = (body: Answer["body"]): boolean => {
      const exits = body["exits"] as Listed[];
      return exits.length === count && exits.every((exit) => exit.is_exit_signature_ready);
    };
    const look = async (): Promise<Answer> => {
      const listed = await send(`${url}/exits`);
      const open = (listed.body["exits"] as Listed[]).filter((exit) => !exit.is_exit_signature_ready);
      if (open.length === 0) return listed;
      const since = performance.now();
      const posted = await post(`${url}/exit-signature`, {
        share_index: shareIndex,
        shares: open.map(({public_key}) => shares.get(public_key)),
      });
      times.push(performance.now() - since);
      return posted.status === 200 ? listed : posted;
    };
    await poll(times, look, isReady);
  });
  const [{body}] = await Promise.all([asking, ...sharing]);
  const validators = body["validators"] as {public_key: string; oracles_exit_signature_shares: {public_keys: string[]}}[];
  expect(validators.map(({public_key}) => public_key)).toEqual(public_keys);
  expect(validators.every((it) => it.oracles_exit_signature_shares.public_keys.length === 3)).toBe(true);
  const jsm = await stage.bus.connection.jetstreamManager();
  expect((await jsm.streams.info("EXIT_SHARES")).state.last_seq).toBe(nodes.length * count);
  expect(Math.max(...times)).toBeLessThan(waitMs);
}, 180_000);
