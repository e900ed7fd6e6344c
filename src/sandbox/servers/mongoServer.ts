import {execFile} from "node:child_process";
import {createHash} from "node:crypto";
import {mkdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {projectRoot} from "../../runtime/projectRoot.js";
import {type Child, startChild} from "../childProcess.js";
import {cached} from "./cached.js";
import {freePort} from "./freePort.js";

const run = promisify(execFile);
const embeddedVersion = "1.47.0";
const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const embeddedMongo = join(projectRoot, "docker", "embedded-mongo");

/** A database server that was started here. */
export type MongoServer = Child & {
  /** The server's URL, without a database. */
  readonly url: string;
};

/** Starts a server that speaks MongoDB's protocol, on loopback; a free port unless one is named. */
export type MongoLauncher = {
  readonly kind: "mongod" | "embedded";
  start(dataDir: string, port?: number): Promise<MongoServer>;
};

/** Finds mongod on the PATH, else the embedded server, whose jars Maven fetches once. */
export async function findMongoServer(announce: (step: string) => void): Promise<MongoLauncher> {
  const hasMongod = await run("mongod", ["--version"]).then(
    () => true,
    () => false,
  );
  if (hasMongod) return {kind: "mongod", start: startMongod};
  const jars = await cached(`mongo-java-server-${embeddedVersion}`, async (folder) => {
    await run("javac", ["-version"]);
    announce(`fetching the embedded database, mongo-java-server ${embeddedVersion}, with maven (once)`);
    const goal = [`${dependencyPlugin}:copy-dependencies`, `-DoutputDirectory=${folder}`];
    await run("mvn", ["-q", "-B", "-f", join(embeddedMongo, "pom.xml"), ...goal]);
  });
  const launcher = await compileLauncher(jars);
  return {kind: "embedded", start: (dataDir, port = 0) => startEmbedded([launcher, join(jars, "*")], dataDir, port)};
}

/** The folder of the compiled launcher. To compile it at every start would take two thirds of the start's CPU time. */
async function compileLauncher(jars: string): Promise<string> {
  const source = join(embeddedMongo, "Launcher.java");
  const hash = createHash("sha256").update(await readFile(source));
  return await cached(`mongo-launcher-${embeddedVersion}-${hash.digest("hex").slice(0, 12)}`, async (folder) => {
    // The JDK may change for an older one, down to the oldest that runs it.
    await run("javac", ["--release", "17", "-cp", join(jars, "*"), "-d", folder, source]);
  });
}

async function startMongod(dataDir: string, named = 0): Promise<MongoServer> {
  await mkdir(dataDir, {recursive: true});
  // mongod cannot choose one itself.
  const port = named || (await freePort());
  const child = startChild("mongod", ["--dbpath", dataDir, "--bind_ip", "127.0.0.1", "--port", String(port)]);
  await child.line(/Waiting for connections/);
  return {...child, url: `mongodb://127.0.0.1:${port}`};
}

async function startEmbedded(classPath: readonly string[], dataDir: string, named: number): Promise<MongoServer> {
  await mkdir(dataDir, {recursive: true});
  // It lives briefly, beside processes that need the cores: no threads to optimise or to collect garbage.
  const quickStart = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const program = ["-cp", classPath.join(":"), "Launcher"];
  const args = [...quickStart, ...program, join(dataDir, "data.mv"), String(named)];
  const child = startChild("java", args, {name: "mongo-java-server"});
  const [, port] = await child.line(/^listening on (\d+)/);
  return {...child, url: `mongodb://127.0.0.1:${port}`};
}
