import {Gauge, type Registry} from "prom-client";
import {endsWithin} from "../runtime/endsWithin.js";
import {rememberFor} from "../runtime/rememberFor.js";

/** A gauge whose values are asked for at each scrape. */
export type Collected = {readonly name: string; readonly help: string; readonly labelNames?: readonly string[]};

/** A value of one of the gauges. */
export type Sample = {readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly value: number};

/** Prometheus gives up after 10 s by default, and has no metric at all then. */
const longestMs = 5000;

type CollectOptions = {
  /** Called once for each scrape, however many gauges there are. */
  readonly collect: () => Promise<readonly Sample[]>;
  readonly onError?: (error: Error) => void;
  readonly withinMs?: number;
};

/**
 * Adds gauges whose values come from one question, asked when they are scraped. If it fails or takes
 * too long, they have no values in that scrape, and
 * all other metrics are served. Labels have to be few: no public keys.
 */
export function addCollected(
  registry: Registry,
  gauges: readonly Collected[],
  {collect, onError, withinMs = longestMs}: CollectOptions,
): void {
  const ask = rememberFor(0, () =>
    collectWithin(withinMs, collect).catch((error: Error): readonly Sample[] => {
      onError?.(error);
      return [];
    }),
  );
  for (const {name, help, labelNames = []} of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const samples = await ask();
        this.reset();
        // Without labels, prom-client 15.1.3 shows a 0 that nobody measured.
        if (labelNames.length === 0) this.remove();
        for (const {labels = {}, value} of samples.filter((sample) => sample.name === name)) this.set({...labels}, value);
      },
    });
  }
}

async function collectWithin(ms: number, collect: CollectOptions["collect"]): Promise<readonly Sample[]> {
  let samples: readonly Sample[] = [];
  const collecting = collect().then((its) => {
    samples = its;
  });
  if (await endsWithin(ms, collecting)) return samples;
  throw new Error(`no answer within ${ms / 1000} s`);
}
