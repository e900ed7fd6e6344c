import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {defineConfig, type Plugin, type RolldownOptions} from "rolldown";

/** What stays in node_modules when the program runs, each for its reason. Everything else is in the bundle. */
const external = [
  // Compiled code, chosen for the machine.
  "@chainsafe/blst",
  "secp256k1",
  // A thread starts with a file of its own.
  "tinypool",
  // Serves files of its own.
  "@fastify/swagger-ui",
  // Required only where the native module of ECIES does not load.
  "eciesjs",
];

const page = "src/console/page";

/** Whoever passes the bundle on passes on these packages: their licences have to go along. */
const licences: Plugin = {
  name: "licences",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
    const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []);
    const texts = [...new Set(folders)].sort().map((folder) => {
      const {name, version, license} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      return [`${name} ${version}: ${license}`, ...files.map((file) => readFileSync(join(folder, file), "utf8").trim())].join(
        "\n\n",
      );
    });
    this.emitFile({type: "asset", fileName: "licences.txt", source: `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`});
  },
};

/** For scripts/package.mjs: what the package has to install. */
const externals: Plugin = {
  name: "externals",
  generateBundle() {
    this.emitFile({type: "asset", fileName: "external.json", source: JSON.stringify(external)});
  },
};

/** What the build changes in a file, without moving a line, so that the source map holds. */
const changes: readonly {id: RegExp; from: string; to: string}[] = [
  // bls-eth-wasm calls a function for each of its 330,000 bytes, which was a sixth of the CPU time of a start.
  {
    id: /\/bls-eth-wasm\/src\/bls_c\.js$/,
    from: "Uint8Array.from(atob(wasmBase64), function (c) { return c.charCodeAt(0) })",
    to: 'Buffer.from(wasmBase64, "base64")',
  },
  // A file that waits while it is imported has to be an ES module, for which Node.js cannot take compiled code: see loadBundle.ts.
  {
    id: /\/bls-eth-wasm\/src\/bls_c\.js$/,
    from: "return WebAssembly.instantiate(wasmBytes, imports).then(function (result) {",
    to: "return ((use) => use({instance: new WebAssembly.Instance(new WebAssembly.Module(wasmBytes), imports)}))(function (result) {",
  },
  {id: /\/bls-eth-wasm\/src\/bls\.js$/, from: "exports.init = async (", to: "exports.init = ("},
  {id: /\/bls-eth-wasm\/src\/bls\.js$/, from: "exports.mod = await createModule(", to: "exports.mod = createModule("},
  {id: /\/src\/bls\/threshold\.ts$/, from: "await mcl.init(", to: "mcl.init("},
];

const startAtOnce: Plugin = {
  name: "start at once",
  transform: {
    filter: {id: changes.map(({id}) => id)},
    handler(code, id) {
      let changed = code;
      for (const {from, to} of changes.filter((it) => it.id.test(id))) {
        if (changed.split(from).length !== 2)
          this.error(`${id} has no ${from}, or several: look whether this change is still needed`);
        changed = changed.replace(from, to);
      }
      return {code: changed, map: null};
    },
  },
};

/** Files of the page that need no build. */
const pageFiles: Plugin = {
  name: "page files",
  generateBundle() {
    for (const fileName of ["page.css", "icon.svg"]) {
      this.emitFile({type: "asset", fileName, source: readFileSync(`${page}/${fileName}`)});
    }
  },
};

const node = {
  platform: "node",
  external: external.map((name) => new RegExp(`^${name}(/|$)`)),
  transform: {target: "node20"},
} satisfies RolldownOptions;
/** Names and lines stay, for stack traces; the maps are for `node --enable-source-maps`. */
const readable = {dir: "dist", sourcemap: true, comments: {legal: true, jsdoc: false, annotation: false}} as const;

export default defineConfig([
  {
    ...node,
    input: {dvt: "src/cli/dvt.cts", compileBundle: "src/cli/compileBundle.cts"},
    external: /^\.\/loadBundle\.cjs$/,
    output: {...readable, format: "cjs", entryFileNames: "[name].cjs"},
  },
  {
    ...node,
    input: {loadBundle: "src/cli/loadBundle.ts"},
    output: {...readable, format: "cjs", entryFileNames: "[name].cjs"},
  },
  {
    ...node,
    input: {main: "src/cli/main.ts"},
    resolve: {alias: {"./page/renderPage.js": resolve(page, "server.tsx")}},
    plugins: [licences, externals, startAtOnce],
    output: {
      ...readable,
      format: "cjs",
      // Without Node.js' own loader nothing imports.
      dynamicImportInCjs: false,
      entryFileNames: "[name].cjs",
      // The names of shared ones would list all who share them.
      chunkFileNames: ({name}) => (name.startsWith("shared~") ? "shared-[hash].cjs" : "[name].cjs"),
      // One file has what every command needs. Of the others, Node.js takes a millisecond for each and for every 20 kB in them: a
      // larger threshold makes commands read libraries that they never use. Modules run when the first who imports them does, as they
      // would by themselves, whichever file they are in.
      strictExecutionOrder: true,
      codeSplitting: {
        groups: [
          {name: "start", tags: ["$initial"], priority: 1},
          {name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 20_000},
        ],
      },
    },
  },
  // A thread's whole program.
  {...node, input: {splitForOracles: "src/exits/splitForOracles.ts"}, output: readable},
  {
    input: {page: `${page}/browser.tsx`},
    platform: "browser",
    transform: {target: "es2022"},
    plugins: [pageFiles],
    output: {dir: "dist/page", format: "esm", minify: true, banner: "/*! Contains Preact, MIT licence, (c) Jason Miller */"},
  },
]);
