import type {Participants} from "../participants/participants.js";

/** The public nkeys of those who may speak on a subject; nobody on one that is not ours. */
export type Speakers = (subject: string) => readonly string[];

export function createSpeakers({network, relayer, aggregator, operators, clusters}: Participants): Speakers {
  const bySubject = new Map<string, string[]>([
    ...operators.map(({id, nkey}): [string, string[]] => [`requests.${id}`, [nkey]]),
    ...clusters.flatMap(({id, sidecars}) =>
      sidecars.flatMap(({shareIndex, nkey}): [string, string[]][] => [
        [`exit_shares.${id}.${shareIndex}`, [nkey]],
        [`exit_refusals.${id}.${shareIndex}`, [nkey]],
      ]),
    ),
  ]);
  const byKind = new Map([
    ["exit_requests", [relayer.nkey]],
    ["completions", [aggregator.nkey, relayer.nkey]],
  ]);
  return (subject) => {
    const [dvt, v1, kind = "", its, ...tokens] = subject.split(".");
    if (`${dvt}.${v1}` !== "dvt.v1" || its !== network) return [];
    return byKind.get(kind) ?? bySubject.get([kind, ...tokens].join(".")) ?? [];
  };
}
