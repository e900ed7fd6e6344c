// Makes the package that users install, from a checkout that is ready: the bundle, the libraries that it leaves outside with all that
// they need, each at the version of our lock file, and the files that its commands read.
//
// node scripts/package.mjs [folder]             an archive for `npm install -g`, in this folder; prints its path
// node scripts/package.mjs --unpacked folder    the content itself, for an image
import {execFileSync} from "node:child_process";
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isUnpacked = process.argv[2] === "--unpacked";
const destination = resolve(process.argv[isUnpacked ? 3 : 2] ?? ".");
const readJson = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));

const manifest = readJson("package.json");
const {packages} = readJson("package-lock.json");
/** What the bundle imports from node_modules. */
const external = readJson("dist/external.json");

/** Where Node.js finds a package that the one at this place of node_modules asks for. */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const place = `${folder}${folder === "" ? "" : "/"}node_modules/${name}`;
    if (packages[place]) return place;
    if (folder === "" || !folder.includes("node_modules")) return undefined;
  }
}

/** These packages and all that they need, with their names, by place. */
function reachable(names) {
  const found = new Map();
  const visit = (name, from, isOptional) => {
    const place = placeOf(name, from) ?? placeOf(name, "");
    if (place === undefined) {
      if (isOptional) return;
      throw new Error(`package-lock.json has no ${name}, which ${from || "the bundle"} needs`);
    }
    if (found.has(place)) return;
    const locked = packages[place];
    found.set(place, {name, ...locked});
    for (const it of Object.keys(locked.dependencies ?? {})) visit(it, place, false);
    for (const it of Object.keys(locked.optionalDependencies ?? {})) visit(it, place, true);
    for (const it of Object.keys(locked.peerDependencies ?? {})) {
      if (!locked.peerDependenciesMeta?.[it]?.optional) visit(it, place, false);
    }
  };
  for (const name of names) visit(name, "", false);
  return found;
}

const {name, version, description, type, engines, bin, repository} = manifest;
const found = reachable(external);
/**
 * npm takes no lock file and no overrides from a package that it installs, so all are named, and each is named exactly. Only what is
 * compiled for one kind of machine is left to the package that chooses it, which names it exactly too.
 */
const dependencies = Object.fromEntries(
  [...found]
    .filter(([place, locked]) => place === `node_modules/${locked.name}` && !locked.optional)
    .map(([, locked]) => [locked.name, locked.version])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
const head = {name, version, ...(existsSync(join(root, "LICENSE")) ? {license: "SEE LICENSE IN LICENSE"} : {})};
const published = {...head, description, type, engines, repository, bin, dependencies};

/** For `npm ci` in an image: the hashes of our own lock file. */
const shrinkwrap = {
  name,
  version,
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": {name, version, engines, bin, dependencies},
    ...Object.fromEntries(
      [...found].map(([place, {name: _, dev: _dev, devOptional: _devOptional, ...locked}]) => [place, locked]),
    ),
  },
};

/** What V8 compiled is for one version of it. */
const isShipped = (path) => !/\.map$|\/\.setup$|\/external\.json$|\/compiled-[^/]*$/.test(path);
const shipped = [
  "dist",
  "src/sandbox/contracts/artifacts.json",
  "docker",
  "docs",
  "nats.conf",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];

function write(folder) {
  for (const it of shipped) {
    if (existsSync(join(root, it))) cpSync(join(root, it), join(folder, it), {recursive: true, filter: isShipped});
  }
  const toText = (value) => `${JSON.stringify(value, undefined, 2)}\n`;
  writeFileSync(join(folder, "package.json"), toText(published));
  writeFileSync(join(folder, "npm-shrinkwrap.json"), toText(shrinkwrap));
}

if (isUnpacked) {
  mkdirSync(destination, {recursive: true});
  write(destination);
} else {
  const folder = mkdtempSync(join(tmpdir(), "dvt-package-"));
  try {
    write(folder);
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination, folder];
    const [{filename}] = JSON.parse(execFileSync("npm", args, {encoding: "utf8", stdio: ["ignore", "pipe", 2]}));
    console.log(join(destination, filename));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
