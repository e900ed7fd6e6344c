import {describe, expect, it} from "vitest";
import type {ClusterDefinition} from "../../../../src/clusters/cluster.js";
import type {DefinitionSource} from "../../../../src/clusters/live/definitionSource.js";
import {createSourceReader} from "../../../../src/clusters/live/sourceReader.js";
import {DvtError} from "../../../../src/errors.js";
import {aCluster} from "../../../support/examples/cluster.js";

const [first, second] = [aCluster({validators: 1}).definition, aCluster({validators: 1}).definition];

/** A source that is told what it says. */
function aSource(): DefinitionSource & {say(definition: ClusterDefinition): void; isStopped(): boolean} {
  let [current, listener, isStopped] = [first, (_: ClusterDefinition): void => {}, false];
  return {
    current: () => current,
    onChange: (called) => {
      listener = called;
    },
    stop: async () => {
      isStopped = true;
    },
    say(definition) {
      current = definition;
      listener(definition);
    },
    isStopped: () => isStopped,
  };
}

describe("createSourceReader", () => {
  it("knows nothing while the source is opened, then what it says, and calls when there is something new", async () => {
    const source = aSource();
    let [calls, open] = [0, (_: DefinitionSource): void => {}];
    const reader = createSourceReader(
      () => new Promise((resolve) => (open = resolve)),
      () => calls++,
    );
    expect(await reader.read()).toBeUndefined();
    open(source);
    await reader.ready();
    expect(calls).toBe(1);
    expect(await reader.read()).toBe(first);
    source.say(second);
    expect(calls).toBe(2);
    expect(await reader.read()).toBe(second);
    await reader.stop();
    expect(source.isStopped()).toBe(true);
  });

  it("opens again what could not be opened, with the same error as long as it is the same trouble", async () => {
    let attempts = 0;
    const reader = createSourceReader(
      async () => {
        if (++attempts > 2) return aSource();
        throw new DvtError("CONSENSUS_UNAVAILABLE", "open: nobody answers");
      },
      () => {},
    );
    const errors: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      await reader.ready();
      errors.push(await reader.read().catch((error) => error));
    }
    expect(errors[0]).toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(errors[1]).toBe(errors[0]);
    await reader.ready();
    expect(await reader.read()).toBe(first);
  });

  it("stops a source that is opened after it was stopped itself", async () => {
    const source = aSource();
    let [calls, open] = [0, (_: DefinitionSource): void => {}];
    const reader = createSourceReader(
      () => new Promise((resolve) => (open = resolve)),
      () => calls++,
    );
    await reader.stop();
    open(source);
    await reader.ready();
    expect({isStopped: source.isStopped(), calls}).toEqual({isStopped: true, calls: 0});
  });
});
