export type House = {
  /** From the roof down: a room imports what it needs from the floors below its own, and nothing from its own floor. */
  readonly floors: readonly (readonly string[])[];
  /** Rooms that only these import, whoever else is above them. */
  readonly doors: Readonly<Record<string, readonly string[]>>;
  /** The libraries that a room imports, or a folder of a room. The sandbox's chain plays the other side of what execution and ipfs read. */
  readonly libraries: Readonly<Record<string, readonly string[]>>;
};

/** Among the libraries, the key of those that any room imports. */
export const everyRoom = "every room";

/** Who may import what; what is not listed is refused. A room is a folder of src/, or src/errors.ts, schemas/ or scripts/. */
export const house: House = {
  floors: [
    ["cli", "scripts"],
    ["demo"],
    ["relayer", "sidecar", "aggregator", "gateway", "console", "centre", "registration", "rotation", "sandbox"],
    ["client", "policy", "answers", "status", "enrolment"],
    ["presence"],
    ["trust"],
    ["store", "messaging", "keys", "approvals"],
    ["clusters", "oracles", "registry", "vaults"],
    ["exits", "participants"],
    ["consensus", "bls", "ecies", "beacon", "execution", "ipfs"],
    ["http", "metrics", "web", "health"],
    ["runtime"],
    ["schemas", "errors"],
  ],
  // The sandbox is for the demo and the tests. Few rooms ask the world outside; the others are given a function that does.
  doors: {
    sandbox: ["demo"],
    centre: ["cli"],
    beacon: ["cli", "policy", "registry", "rotation"],
    execution: ["cli", "approvals", "clusters", "oracles", "registration", "registry", "rotation", "vaults"],
    ipfs: ["oracles", "vaults"],
    metrics: ["cli", "gateway"],
    web: ["cli", "gateway", "console"],
    health: ["cli"],
    http: ["cli", "approvals", "keys", "oracles", "beacon", "execution", "ipfs"],
  },
  libraries: {
    cli: ["commander"],
    sandbox: ["p-map"],
    "sandbox/chain": ["viem", "@ipld/dag-pb", "ipfs-unixfs", "multiformats"],
    relayer: ["p-map"],
    aggregator: ["p-map"],
    gateway: ["@fastify/swagger"],
    "gateway/access": ["jose"],
    "gateway/status": ["@fastify/swagger-ui"],
    "console/page": ["preact", "preact-render-to-string"],
    centre: ["asn1js", "pkijs"],
    store: ["mongodb"],
    messaging: ["nats", "p-map"],
    keys: ["ox", "p-map"],
    clusters: ["tinyglobby"],
    "clusters/ssv": ["@noble/hashes"],
    oracles: ["@noble/hashes"],
    consensus: ["@chainsafe/ssz", "@lodestar/config"],
    bls: ["@chainsafe/bls", "@chainsafe/blst", "bls-eth-wasm"],
    ecies: ["eciesjs", "secp256k1"],
    execution: ["viem"],
    ipfs: ["@ipld/dag-pb", "ipfs-unixfs", "multiformats"],
    http: ["undici"],
    metrics: ["prom-client"],
    web: ["fastify", "@fastify/rate-limit"],
    runtime: ["@noble/hashes", "pino", "pino-pretty", "tinypool"],
    [everyRoom]: ["typebox"],
  },
};

/** The table as docs/architecture.md quotes it. */
export function drawHouse({floors, doors, libraries}: House): string {
  const row = (left: string, right: string) => left.padEnd(15) + right;
  return [
    ...floors.map((rooms) => rooms.join(" | ")),
    "",
    ...Object.entries(doors).map(([room, importers]) => row(room, `only for ${importers.join(", ")}`)),
    "",
    ...Object.entries(libraries).map(([room, names]) => row(room, names.join(", "))),
    "",
  ].join("\n");
}
