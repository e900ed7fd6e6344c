import type {Answers, Changes, PageState, Update} from "./pageState.js";

/** The state after an update. What did not change stays the same object. */
export function applyUpdate(state: PageState, {at, changes = {}, out_of_date: outOfDate}: Update): PageState {
  const changed = Object.entries(changes).map(([kind, those]) => [
    kind,
    applyChanges(state.answers[kind as keyof Answers], those),
  ]);
  return {...state, at, outOfDate, answers: {...state.answers, ...Object.fromEntries(changed)}};
}

function applyChanges(before: object | null | undefined, changes: Changes): object | null {
  if (changes === null) return null;
  return Object.fromEntries(Object.entries({...before, ...changes}).filter(([, value]) => value !== null));
}
