import {setTimeout as delay} from "node:timers/promises";
import {expect, it} from "vitest";
import {countShares} from "../../support/countShares.js";
import {createStage, type Stage} from "../../support/stage.js";
import {type Answer, post, send, signatureOf, startCentre, startTestGateway} from "../../support/testGateway.js";

const count = 250;
const firstIndex = 1000;
/** StakeWise's clients wait twice as long. */
const betweenPollsMs = 1000;

/** By public key, a share of each exit, as a request has it. */
const sharesOf = ({dealt}: Stage, shareIndex: number): Map<string, object> =>
  new Map(
    dealt.map((it, position) => [
      it.publicKeyHex,
      {public_key: it.publicKeyHex, exit_signature: signatureOf(it, shareIndex, firstIndex + position)},
    ]),
  );

/** Polls until it sees what it waits for. */
async function poll(look: () => Promise<Answer>, isDone: (body: Answer["body"]) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await look();
    // An answer that would take too long is 503: StakeWise's clients ask again.
    if (answer.status !== 200 && answer.status !== 503) throw new Error(`${answer.status} ${answer.reason}`);
    if (answer.status === 200 && isDone(answer.body)) return answer;
    await delay(betweenPollsMs);
  }
}

type Listed = {public_key: string; is_exit_signature_ready: boolean};

it("gets hundreds of exits from clients that poll, each share published once", async () => {
  const stage = await createStage({validators: count, oracles: 3, oracleThreshold: 2});
  const nodes = [1, 2, 3].map((shareIndex) => ({shareIndex, shares: sharesOf(stage, shareIndex)}));
  await startCentre(stage);
  const published = countShares(stage.bus);
  const {url} = await startTestGateway(stage, {resendAfterMs: 600_000});
  const public_keys = stage.dealt.map(({publicKeyHex}) => publicKeyHex);
  const asking = poll(
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
      if (listed.status !== 200) return listed;
      const open = (listed.body["exits"] as Listed[]).filter((exit) => !exit.is_exit_signature_ready);
      if (open.length === 0) return listed;
      const posted = await post(`${url}/exit-signature`, {
        share_index: shareIndex,
        shares: open.map(({public_key}) => shares.get(public_key)),
      });
      return posted.status === 200 ? listed : posted;
    };
    await poll(look, isReady);
  });
  const [{body}] = await Promise.all([asking, ...sharing]);
  const validators = body["validators"] as {public_key: string; oracles_exit_signature_shares: {public_keys: string[]}}[];
  expect(validators.map(({public_key}) => public_key)).toEqual(public_keys);
  expect(validators.every((it) => it.oracles_exit_signature_shares.public_keys.length === 3)).toBe(true);
  const {shares, messages} = await published();
  expect(shares).toBe(nodes.length * count);
  expect(messages).toBeLessThan(shares / 2);
});
