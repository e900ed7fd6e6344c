import {describe, expect, it} from "vitest";
import {toCompose, toUnit} from "../../../../src/cli/join/toStartFiles.js";

const plan = {
  folder: "/etc/dvt/sidecar",
  reads: ["/opt/charon/.charon/validator_keys", "/opt/charon/.charon/cluster-lock.json"],
  user: {uid: 1234, gid: 1235},
};
const valuesOf = (unit: string, name: string): string[] =>
  unit.split("\n").flatMap((line) => (line.startsWith(`${name}=`) ? line.slice(name.length + 1) : []));

describe("the unit of a node that joined", () => {
  it("runs as whoever owns the key shares, with the settings of all units, and writes into its own folder alone", async () => {
    const unit = await toUnit(plan);
    expect(valuesOf(unit, "User")).toEqual(["1234"]);
    expect(valuesOf(unit, "Group")).toEqual(["1235"]);
    expect(valuesOf(unit, "EnvironmentFile")).toEqual(["/etc/dvt/sidecar/sidecar.env"]);
    expect(valuesOf(unit, "ReadWritePaths")).toEqual(["/etc/dvt/sidecar"]);
    expect(valuesOf(unit, "ProtectSystem")).toEqual(["strict"]);
    expect(valuesOf(unit, "Wants")).toEqual(["network-online.target"]);
    expect(valuesOf(unit, "ExecStart")[0]).toMatch(/dist\/dvt\.cjs sidecar$/);
  });

  it("sees a home folder only where the key shares are in one", async () => {
    const inHome = await toUnit({...plan, reads: ["/home/ana/.charon/validator_keys"]});
    expect(valuesOf(inHome, "ProtectHome").at(-1)).toBe("read-only");
  });
});

it("the compose file has the same paths inside and outside, and only the node's own folder can be written", () => {
  const text = toCompose(plan);
  expect(text).toContain('user: "1234:1235"');
  expect(text).toContain("- /etc/dvt/sidecar:/etc/dvt/sidecar\n");
  for (const path of plan.reads) expect(text).toContain(`- ${path}:${path}:ro\n`);
  expect(text).toContain("env_file: /etc/dvt/sidecar/sidecar.env");
});
