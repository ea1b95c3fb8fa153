import { access, statfs } from "node:fs/promises";
import { InfrastructureError, reasonOf } from "../../errors.ts";
import { now } from "../../now.ts";
import { type Docker, dockerEngine } from "../../rigs/containers/docker/engine.ts";
import { namedEngine, rightProblem, socketOf } from "../../rigs/containers/docker/named-engine.ts";
import { isDead, ownerFromLabels, runLabel } from "../../rigs/containers/docker/owner.ts";
import { within } from "../../rigs/containers/docker/within.ts";
import type { EngineFacts, ReachFacts } from "../engine.ts";
import { listenTrouble } from "./machine.ts";

export interface Reached {
  reach: ReachFacts;
  docker: Docker | null;
  engine: EngineFacts | null;
}

/** How long it may take to answer all that it is asked. */
const answerMs = 10_000;

export async function lookAtEngine(): Promise<Reached> {
  const where = await whereabouts();
  try {
    const docker = await dockerEngine();
    const engine = await within(answerMs, factsOf(docker), "it had not answered");
    return { reach: { ...where, silent: null }, docker, engine };
  } catch (error) {
    const silent =
      error instanceof InfrastructureError
        ? { happened: error.trouble.happened, next: error.trouble.next }
        : { happened: reasonOf(error), next: "`docker info` shows whether it answers; start it anew" };
    return { reach: { ...where, silent }, docker: null, engine: null };
  }
}

async function whereabouts(): Promise<Omit<ReachFacts, "silent">> {
  try {
    const named = await namedEngine(process.env);
    const path = socketOf(named);
    const isThere = path !== null && (await access(path).then(() => true, isRefused));
    const socket = path === null ? null : { path, isThere, right: await rightProblem(path) };
    return { by: named?.by ?? "the standard socket", named: null, socket };
  } catch (error) {
    return { by: "", named: reasonOf(error), socket: null };
  }
}

/** A file in a folder that this user may not enter is there for all that anybody knows. */
const isRefused = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "EACCES";

async function factsOf(docker: Docker): Promise<EngineFacts> {
  const asked = now();
  const [version, info, networks, labelled] = await Promise.all([
    docker.version(),
    docker.info() as Promise<Info>,
    docker.listNetworks(),
    docker.listContainers({ all: true, filters: { label: [runLabel] } }),
  ]);
  const owned = labelled.map(({ Labels }) => ownerFromLabels(Labels));
  const made = networks.filter(({ Labels }) => Labels?.[runLabel] !== undefined);
  const living = owned.filter((owner) => !isDead(owner)).map(({ run }) => run);
  const bridges = networks.filter(({ Driver }) => Driver === "bridge");
  const gateways = bridges.flatMap(({ IPAM }) => IPAM?.Config?.flatMap(({ Gateway }) => Gateway ?? []) ?? []);
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    kind: version.Os,
    cores: info.NCPU ?? 0,
    memory: info.MemTotal ?? 0,
    aheadMs: aheadOf(info.SystemTime, asked, now()),
    bytes: await roomAt(info.DockerRootDir),
    bridges: bridges.length,
    gateway: await gatewayAmong(gateways),
    left: {
      containers: owned.filter(isDead).length,
      networks: made.filter(({ Labels }) => isDead(ownerFromLabels(Labels ?? {}))).length,
    },
    others: [...new Set(living)],
  };
}

interface Info {
  NCPU?: number;
  MemTotal?: number;
  SystemTime?: string;
  DockerRootDir?: string;
}

/** Between the moments before and after it was asked it may have been read at any. */
function aheadOf(told: string | undefined, before: number, after: number): number | null {
  const time = Date.parse(told ?? "");
  if (Number.isNaN(time)) return null;
  return time < before ? time - before : Math.max(0, time - after);
}

const roomAt = (folder: string | undefined): Promise<number | null> =>
  folder === undefined
    ? Promise.resolve(null)
    : statfs(folder).then(
        ({ bsize, bavail }) => bsize * bavail,
        () => null,
      );

/**
 * One that this machine has, where any is. It is tried by listening there, as a run does: an interface without a
 * container is in no list of those that are up.
 */
async function gatewayAmong(gateways: readonly string[]): Promise<EngineFacts["gateway"]> {
  for (const address of gateways)
    if ((await listenTrouble(0, address)) === null) return { address, isHere: true };
  const [address] = gateways;
  return address === undefined ? null : { address, isHere: false };
}
