import { commandTo, pageAt, setup } from "../installation.ts";
import { type Checks, fail, listed, ok, unknown, warn } from "./check.ts";

/** The config file as such. */
export interface FileFacts {
  path: string;
  isThere: boolean;
  /** Why it cannot be used; null where it can. */
  problem: string | null;
}

export const fileChecks = {
  config: {
    expected: "a config that names the systems under test",
    why: "only `check`, `merge`, `diff`, `clean` and `gate` of given evidence do without",
    judge: ({ path, isThere }) =>
      isThere
        ? ok(path)
        : fail(`no ${path} here`, `write one: \`${commandTo("init")}\`; or name it with --config`),
  },
  "config-loads": {
    expected: "a config that can be evaluated and is complete",
    why: "nothing is started from one that is not",
    judge: ({ isThere, problem }) => {
      if (!isThere) return unknown("there is no config");
      return problem === null
        ? ok("it can")
        : fail(problem, `mend these places; ${pageAt("config.md")} says what each key is`);
    },
  },
} as const satisfies Checks<FileFacts>;

/** What the config names, as it is on this machine. */
export interface SystemFacts {
  /** Components by `command`, and why its program cannot be run; null where it can. */
  programs: readonly { component: string; program: string; trouble: string | null }[];
  /** Components by `url`, without accounts, and why nothing listens there; null where something does. */
  urls: readonly { component: string; url: string; trouble: string | null }[];
  /** Ports that links are to listen on, and why they cannot. */
  linkPorts: readonly { component: string; port: number; trouble: string | null }[];
  /** Commits that components are built from. */
  refs: readonly { component: string; ref: string; trouble: string | null }[];
  /** Builds as code: why they cannot be loaded; null where they can, undefined where there are none. */
  code: string | null | undefined;
  hasSchedules: boolean;
  /** What the probe needs and the config does not name. */
  withoutProbe: readonly string[];
  /** Contract sets that the config names and that cannot be read. */
  lostContracts: readonly string[];
}

type Named = { component: string; trouble: string | null };
const troubled = <T extends Named>(all: readonly T[]): T[] => all.filter(({ trouble }) => trouble !== null);

export const systemChecks = {
  programs: {
    expected: "every program that the config starts, on this machine",
    why: "a component given as a command is started here",
    judge: ({ programs }) => {
      const wrong = troubled(programs).map((one) => `${one.component}: ${one.program}: ${one.trouble}`);
      return wrong.length === 0
        ? ok(`${programs.length} components`)
        : fail(listed(wrong), "install it, or name it by its whole path");
    },
  },
  refs: {
    expected: "every ref of the config to be a commit of this repository",
    why: "a component with a ref is checked out from it",
    judge: ({ refs }) => {
      const wrong = troubled(refs).map(({ trouble }) => `${trouble}`);
      return wrong.length === 0
        ? ok(`${refs.length} components`)
        : fail(listed(wrong), "fetch it, or name another");
    },
  },
  urls: {
    expected: "something that listens at every URL of the config",
    why: "what a config gives by URL must run before the run begins",
    judge: ({ urls }) => {
      const wrong = troubled(urls).map((one) => `${one.component}: ${one.url}: ${one.trouble}`);
      return wrong.length === 0
        ? ok(`${urls.length} components`)
        : fail(listed(wrong), "start it, or correct its URL");
    },
  },
  "link-ports": {
    expected: "every linkPort of the config to be free",
    why: "a worker that runs already calls its link there",
    judge: ({ linkPorts }) => {
      const wrong = troubled(linkPorts).map((one) => `${one.component}: ${one.port}: ${one.trouble}`);
      return wrong.length === 0
        ? ok(`${linkPorts.length} ports`)
        : fail(listed(wrong), "end what listens there, or choose another port");
    },
  },
  code: {
    expected: "the builds as code, where the config has any",
    why: "`explore`, `rollout`, `mutants`, `shrink` and `replay` run them in this process",
    judge: ({ code }) => {
      if (code === undefined)
        return unknown(
          "the config has none (`inProcess`): `explore`, `replay` and the like need --rig containers",
        );
      return code === null ? ok("loaded") : fail(code, "mend `inProcess` of the config");
    },
  },
  schedules: {
    expected: "`schedules` in the config",
    why: "without it no schedule with faults runs in containers",
    judge: ({ hasSchedules }) =>
      hasSchedules ? ok("there") : warn("it is not there", `${pageAt("config.md")} says what it holds`),
  },
  probe: {
    expected: "customers of both clusters and `workerTokens` in the config",
    why: "without them no run compares the answers to callers without a right",
    judge: ({ withoutProbe }) =>
      withoutProbe.length === 0
        ? ok("there")
        : warn(`without ${listed(withoutProbe)}`, "name them in the config"),
  },
  "contract-sets": {
    expected: "every file of `contracts` in the config",
    why: "`diff` reads what a release promised from there",
    judge: ({ lostContracts }) =>
      lostContracts.length === 0
        ? ok("there")
        : warn(listed(lostContracts), `write it with \`${commandTo("contracts")}\`, or correct its path`),
  },
} as const satisfies Checks<SystemFacts>;

/** Images that the config names, as the engine has them. */
export interface ImageFacts {
  /** As of the engine itself: `amd64`. */
  architecture: string;
  /** `usual`: what `run` starts. The others are those of other releases. Architecture null: it is not there. */
  images: readonly { component: string; image: string; isUsual: boolean; architecture: string | null }[];
}

export const imageChecks = {
  images: {
    expected: "every image that `run` starts, in the engine",
    why: "Interlock pulls none: what is tried is what is there",
    judge: ({ images }) => {
      const usual = images.filter(({ isUsual }) => isUsual);
      const lost = usual.filter(({ architecture }) => architecture === null);
      return lost.length === 0
        ? ok(`${usual.length} images`)
        : fail(listed(lost.map(({ component, image }) => `${component}: ${image}`)), setup.images);
    },
  },
  "release-images": {
    expected: "the images of other releases that the config names",
    why: "`replay` and `explore` in containers, `cost` and the gate's schedules name them",
    judge: ({ images }) => {
      const others = images.filter(({ isUsual }) => !isUsual);
      const lost = others.filter(({ architecture }) => architecture === null);
      return lost.length === 0
        ? ok(`${others.length} images`)
        : warn(listed(lost.map(({ image }) => image)), setup.images);
    },
  },
  "image-architecture": {
    expected: "images of the engine's own architecture",
    why: "another one is emulated, ten times slower, and what is late is no verdict",
    judge: ({ images, architecture: own }) => {
      const foreign = images.filter(({ architecture }) => architecture !== null && architecture !== own);
      return foreign.length === 0
        ? ok(own)
        : warn(
            listed(foreign.map(({ image, architecture }) => `${image} is ${architecture}`)),
            `build or pull them for ${own}`,
          );
    },
  },
} as const satisfies Checks<ImageFacts>;
