import { existsSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Component, Config } from "../../config/config.ts";
import { loadSettings } from "../../config/load-config.ts";
import { reasonOf, UsageError } from "../../errors.ts";
import type { Docker } from "../../rigs/containers/docker/engine.ts";
import { commitOf } from "../../rigs/containers/system/checkouts.ts";
import { withoutAccounts } from "../../url-accounts.ts";
import type { FileFacts, ImageFacts, SystemFacts } from "../system.ts";
import { connectTrouble, listenTrouble } from "./machine.ts";

export interface LookedAtFile {
  file: FileFacts;
  config: Config | null;
  /** Takes its secrets out of a text. */
  redact: (text: string) => string;
}

/** Evaluates the config with secrets that let nobody in. */
export async function lookAtFile(path: string): Promise<LookedAtFile> {
  const asIs = (text: string) => text;
  if (!existsSync(path)) return { file: { path, isThere: false, problem: null }, config: null, redact: asIs };
  try {
    const { config, secrets } = await loadSettings(path);
    return { file: { path, isThere: true, problem: null }, config, redact: secrets.redact };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { file: { path, isThere: true, problem: error.message }, config: null, redact: asIs };
  }
}

/** A component of the config by its name; `isUsual` is what the matrix of the current release runs. */
interface Part {
  component: string;
  isUsual: boolean;
  build: Component & { linkPort?: number | undefined };
}

function partsOf({ mysql, api, current, workers, destinations }: Config): Part[] {
  const usual = (component: string, build: Part["build"]): Part => ({ component, isUsual: true, build });
  return [
    usual("mysql", mysql),
    ...Object.entries(api).map(
      ([release, build]): Part => ({
        component: `api ${release}`,
        isUsual: release === current,
        build,
      }),
    ),
    ...Object.entries(workers).flatMap(([name, worker]): Part[] => [
      usual(name, worker),
      ...Object.entries(worker.releases).map(
        ([release, build]): Part => ({
          component: `${name} ${release}`,
          isUsual: false,
          build,
        }),
      ),
    ]),
    ...Object.entries(destinations).flatMap(([name, build]) =>
      build === undefined ? [] : [usual(`destination ${name}`, build)],
    ),
  ];
}

export async function lookAtSystem(config: Config): Promise<SystemFacts> {
  const usual = partsOf(config).filter(({ isUsual }) => isUsual);
  const { customers, workerTokens, schedules, contracts = {} } = config;
  const [programs, urls, linkPorts, refs, code] = await Promise.all([
    Promise.all(usual.flatMap(programIn)),
    Promise.all(usual.flatMap(urlIn)),
    Promise.all(usual.flatMap(linkPortIn)),
    Promise.all(partsOf(config).flatMap(refIn)),
    codeTrouble(config),
  ]);
  const clusters = (["cdh4", "hdp2"] as const).filter((name) => customers[name] === undefined);
  return {
    programs,
    urls,
    linkPorts,
    refs,
    code,
    hasSchedules: schedules !== undefined,
    withoutProbe: [
      ...clusters.map((name) => `customers.${name}`),
      ...(workerTokens === undefined ? ["workerTokens"] : []),
    ],
    lostContracts: Object.values(contracts).filter((file) => !existsSync(file)),
  };
}

function programIn({ component, build }: Part): Promise<SystemFacts["programs"][number]>[] {
  if ("image" in build || !("command" in build)) return [];
  const [program = ""] = build.command;
  // It may be made by a build of another commit.
  if (build.ref !== undefined && program.includes("/")) return [];
  return [programTrouble(program).then((trouble) => ({ component, program, trouble }))];
}

/** Of every release: a commit that is not there is told before anybody asks for it. */
function refIn({ component, build }: Part): Promise<SystemFacts["refs"][number]>[] {
  if ("image" in build || !("command" in build) || build.ref === undefined) return [];
  const { ref } = build;
  const found = commitOf(component, ref, process.cwd());
  return [
    found.then(
      () => ({ component, ref, trouble: null }),
      (error: unknown) => ({ component, ref, trouble: reasonOf(error) }),
    ),
  ];
}

/** As a shell finds it: by its path, or in the folders of PATH. */
async function programTrouble(program: string): Promise<string | null> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = program.includes("/") ? [program] : folders.map((folder) => join(folder, program));
  const there = places.filter(existsSync);
  if (there.length === 0)
    return program.includes("/") ? "there is no such file" : "it is in no folder of PATH";
  const tried = await Promise.all(there.map(mayRun));
  return tried.includes(true) ? null : "this user may not run it";
}

const mayRun = async (file: string): Promise<boolean> => {
  const isFile = (await stat(file)).isFile();
  return (
    isFile &&
    access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
  );
};

function urlIn({ component, build }: Part): Promise<SystemFacts["urls"][number]>[] {
  if (!("url" in build)) return [];
  const { hostname, port, protocol } = new URL(build.url);
  const url = withoutAccounts(build.url);
  // A worker only calls: nothing has to listen where it is.
  if ("generation" in build) return [];
  const usualPort = port === "" ? usualPorts[protocol] : Number(port);
  if (usualPort === undefined) return [Promise.resolve({ component, url, trouble: "it names no port" })];
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return [connectTrouble(host, usualPort).then((trouble) => ({ component, url, trouble }))];
}

const usualPorts: Readonly<Record<string, number | undefined>> = {
  "http:": 80,
  "https:": 443,
  "mysql:": 3306,
};

function linkPortIn({ component, build }: Part): Promise<SystemFacts["linkPorts"][number]>[] {
  const { linkPort: port } = build;
  return port === undefined ? [] : [listenTrouble(port).then((trouble) => ({ component, port, trouble }))];
}

async function codeTrouble({ inProcess }: Config): Promise<string | null | undefined> {
  if (inProcess === undefined) return undefined;
  try {
    await inProcess.load();
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Which of the images that a config names the engine has. */
export async function lookAtImages(config: Config, docker: Docker): Promise<ImageFacts> {
  const { Arch: architecture } = await docker.version();
  const named = partsOf(config).flatMap(({ component, isUsual, build }) =>
    "image" in build ? [{ component, isUsual, image: build.image }] : [],
  );
  const images = await Promise.all(
    named.map(async (one) => ({ ...one, architecture: await architectureOf(docker, one.image) })),
  );
  return { architecture, images };
}

async function architectureOf(docker: Docker, image: string): Promise<string | null> {
  try {
    return (await docker.getImage(image).inspect()).Architecture;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}
