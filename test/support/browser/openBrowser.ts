import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Browser, chromium} from "playwright-core";
import {projectRoot} from "../../../src/runtime/projectRoot.js";
import {cached} from "../../../src/sandbox/servers/cached.js";

const packageFile = join(projectRoot, "node_modules/@sparticuz/chromium/package.json");

/** The sandbox needs rights that a container does not have; only our own pages are opened. */
const flags = ["--headless=shell", "--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none"];

/** Starts the Chromium that an npm package contains: nothing has to be installed for it. */
export async function openBrowser(): Promise<Browser> {
  const {version} = JSON.parse(await readFile(packageFile, "utf8")) as {version: string};
  const folder = await cached(`chromium-${version}`, unpack);
  const env = {...process.env, LD_LIBRARY_PATH: join(folder, "al2023/lib"), FONTCONFIG_FILE: join(folder, "fonts.conf")};
  return chromium.launch({executablePath: join(folder, "chromium"), args: flags, env: env as Record<string, string>});
}

/** The package unpacks itself where temporary files go, with its libraries only where it believes to need them. */
async function unpack(folder: string): Promise<void> {
  const {default: packed} = await import("@sparticuz/chromium");
  const {TMPDIR, AWS_EXECUTION_ENV} = process.env;
  Object.assign(process.env, {TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x"});
  try {
    await packed.executablePath();
  } finally {
    restore("TMPDIR", TMPDIR);
    restore("AWS_EXECUTION_ENV", AWS_EXECUTION_ENV);
  }
  await writeFile(join(folder, "fonts.conf"), fontsConf);
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** The fonts of the package beside this file, and those of the system. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias binding="strong"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="strong"><family>ui-monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;
