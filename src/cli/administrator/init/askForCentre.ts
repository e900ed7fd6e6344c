import {DvtError} from "../../../errors.js";
import {terminal} from "../../terminal.js";
import type {InitOptions} from "./initOptions.js";
import {parseCluster, parseNatsUrl, parseNetwork} from "./initOptions.js";
import type {KnownCentre} from "./knownCentre.js";

type Question = {readonly option: string; readonly ask: string; readonly isMissing: boolean; take(answer: string): void};

/** The options with what a person answered for those that are missing. USAGE that names all of them where nobody can be asked. */
export async function askForCentre(options: InitOptions, known: KnownCentre): Promise<InitOptions> {
  const asked: {network?: string; natsUrl?: string; clusterLock?: string[]} = {};
  const hasCluster = [options.clusterLock, options.ssvKeyshares, options.ssvOperators].some((it) => it !== undefined);
  const questions: Question[] = [
    {
      option: "--network",
      ask: "Network (mainnet, hoodi or gnosis): ",
      isMissing: (options.network ?? known.network) === undefined,
      take: (answer) => {
        asked.network = parseNetwork(answer);
      },
    },
    {
      option: "--nats-url",
      ask: "Where everybody will reach NATS (tls://bus.example.org:4222): ",
      isMissing: (options.natsUrl ?? known.natsUrl) === undefined,
      take: (answer) => {
        parseNatsUrl(answer);
        asked.natsUrl = answer;
      },
    },
    {
      option: "--cluster-lock, --ssv-keyshares or --ssv-operators",
      ask: "A cluster, with an id of your choice, and its lock (alpha=cluster-lock.json): ",
      isMissing: !hasCluster && !known.hasParticipants,
      take: (answer) => {
        parseCluster("--cluster-lock", answer);
        asked.clusterLock = [answer];
      },
    },
  ];
  const missing = questions.filter(({isMissing}) => isMissing);
  if (missing.length > 0 && !terminal.canAsk())
    throw new DvtError("USAGE", `init: give ${missing.map(({option}) => option).join(" and ")}; nobody can be asked here`);
  for (const question of missing) await askUntilTaken(question);
  return {...options, ...asked};
}

async function askUntilTaken({option, ask, take}: Question): Promise<void> {
  for (;;) {
    const answer = await terminal.ask(ask);
    if (answer === "") throw new DvtError("USAGE", `init: no answer; give ${option}`);
    try {
      return take(answer);
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      terminal.err(`${error.message}\n`);
    }
  }
}
