import type {DeadLettersPage as Letters} from "../../../schemas/status.js";
import {urlOf} from "../place.js";
import {exitUrlOf} from "./exitUrlOf.js";
import {Scroll} from "./Scroll.js";
import {shortKey} from "./shortKey.js";
import {Time} from "./Time.js";
import type {View} from "./view.js";

/** What could not be processed, and what to do about it. */
export const DeadLettersPage = ({
  letters,
  after,
  view,
}: {
  letters: Letters | undefined;
  after: string | undefined;
  view: View;
}) => (
  <>
    <h1>Dead letters</h1>
    {letters === undefined ? (
      <p class="asking">Asking the relayer…</p>
    ) : letters.letters.length === 0 ? (
      <p class="empty">{after === undefined ? "No dead letters: every message could be processed." : "No more dead letters."}</p>
    ) : (
      <Scroll label="Dead letters">
        <table class="letters">
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">From</th>
              <th scope="col">Stream</th>
              <th scope="col">Code, reason</th>
              <th scope="col">Exit</th>
              <th scope="col" class="number">
                Times
              </th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {letters.letters.map(({at, seq, stream, participant, code, reason, exit, count, todo}) => (
              <tr key={seq}>
                <td>
                  <Time ms={at} view={view} precision="seconds" />
                </td>
                <th scope="row">{participant}</th>
                <td>{stream}</td>
                <td class="reason">
                  <code>{code}</code> {reason}
                </td>
                <td>{exit === undefined ? "–" : <a href={exitUrlOf(exit)}>{shortKey(exit.split(":")[1] ?? "")}</a>}</td>
                <td class="number">{count}</td>
                <td class="reason">{todo}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    )}
    <nav class="pages" aria-label="Pages of this list">
      {after !== undefined && <a href={urlOf({page: "deadLetters"})}>First page</a>}
      {letters?.cursor !== undefined && <a href={urlOf({page: "deadLetters", after: letters.cursor})}>Next page</a>}
    </nav>
  </>
);
