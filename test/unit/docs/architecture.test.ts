import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {consumerSpecs, streamSpecs} from "../../../src/messaging/topology.js";
import type {Participants} from "../../../src/participants/participants.js";
import {readText, rowsOf, sectionsOf, withoutBackticks} from "./document.js";
import {codePlacesIn, isInCode} from "./places.js";

const text = readText("docs/architecture.md");
const sections = sectionsOf(text, 2);

describe("docs/architecture.md", () => {
  it("has the streams and consumers as they are declared", () => {
    const placeholders = {
      network: "<network>",
      clusters: [{id: "<cluster_id>", sidecars: [{shareIndex: "<share_index>"}]}],
      operators: [{id: "<operator_id>"}],
    };
    const consumers = consumerSpecs(placeholders as unknown as Participants, 30_000);
    const declared = streamSpecs(1).map((spec) => {
      const kept = spec.max_msgs_per_subject ?? 0;
      const hours = spec.max_age / 3600e9;
      const consumer = consumers.find(({stream}) => stream === spec.name)?.config.durable_name;
      return [
        spec.name,
        spec.subjects.join(", "),
        spec.retention,
        spec.discard_new_per_subject ? `${kept}, then refused` : `the last ${kept}`,
        `${(spec.max_msg_size ?? 0) / 1024} KiB`,
        hours === 0 ? "-" : `${hours} h`,
        consumer ?? "none",
      ];
    });
    const rows = rowsOf(sections.get("Streams and consumers") ?? "").map((row) =>
      row.map((cell) => withoutBackticks(cell).split(":")[0]),
    );
    expect(rows).toEqual(declared);
  });

  it("has every folder of src", () => {
    const folders = readdirSync(fileURLToPath(new URL("../../../src", import.meta.url)), {withFileTypes: true});
    const listed = [...(sections.get("Folder by folder") ?? "").matchAll(/^src\/(\w+)\/ /gm)].map(([, folder]) => folder);
    expect(listed.sort()).toEqual(folders.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort());
  });

  it("numbers its invariants one after the other, because others name them by number", () => {
    const numbers = [...(sections.get("Invariants") ?? "").matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, position) => position + 1));
  });

  it("names for every invariant where it is kept", () => {
    const invariants = (sections.get("Invariants") ?? "").split(/^\d+\. /m).slice(1);
    expect(invariants.length).toBeGreaterThan(10);
    for (const invariant of invariants) expect(codePlacesIn(invariant), invariant).not.toEqual([]);
  });

  it.each(codePlacesIn(text))("names what is there: $text", (place) => {
    expect(isInCode(place), `${place.path} has no ${place.name}`).toBe(true);
  });
});
