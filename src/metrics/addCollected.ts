import {Gauge, type Registry} from "prom-client";
import {rememberFor} from "../runtime/rememberFor.js";

/** A gauge whose values are asked for at each scrape. */
export type Collected = {readonly name: string; readonly help: string; readonly labelNames?: readonly string[]};

/** A value of one of the gauges. */
export type Sample = {readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly value: number};

type CollectOptions = {
  /** Called once for each scrape, however many gauges there are. */
  readonly collect: () => Promise<readonly Sample[]>;
  readonly onError?: (error: Error) => void;
};

/**
 * Adds gauges whose values come from one question, asked when they are scraped. If it fails, they have no values in that scrape, and
 * all other metrics are served. Labels have to be few: no public keys.
 */
export function addCollected(registry: Registry, gauges: readonly Collected[], {collect, onError}: CollectOptions): void {
  const ask = rememberFor(0, () =>
    collect().catch((error: Error): readonly Sample[] => {
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
