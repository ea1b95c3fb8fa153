import type { Millis } from "../../contracts/values.ts";
import { commandTo } from "../installation.ts";
import {
  atLeast,
  type Checks,
  fail,
  gibibyte,
  inBytes,
  isVersion,
  listed,
  ok,
  unknown,
  warn,
} from "./check.ts";

/** How the Docker engine is reached. */
export interface ReachFacts {
  /** Where it is named; the standard socket where it is not. */
  by: string;
  /** Why what is named leads to no engine; null where it does. */
  named: string | null;
  /** Of an engine at a socket: whether the file is there, and why this user may not use it; null of any other. */
  socket: { path: string; isThere: boolean; right: string | null } | null;
  /** Why it does not answer, and what to do; null where it does. */
  silent: { happened: string; next: string } | null;
}

export const reachChecks = {
  "engine-named": {
    expected:
      "DOCKER_HOST or the Docker context to name an engine by unix:// or tcp:// without TLS, or neither",
    why: "Interlock asks the engine that `docker` itself would ask, and no other",
    judge: ({ by, named }) =>
      named === null
        ? ok(by)
        : fail(named, "`docker context use default`, or name another engine in DOCKER_HOST"),
  },
  "engine-socket": {
    expected: "the engine's socket",
    why: "without it there is no engine on this machine, or it is not started",
    judge: ({ socket }) => {
      if (socket === null) return unknown("it is not reached by a socket");
      return socket.isThere
        ? ok(socket.path)
        : fail(`${socket.path} is not there`, "start the engine; `docker version` shows whether it answers");
    },
  },
  "engine-right": {
    expected: "the right to read and write the engine's socket",
    why: "only who may do that can start a container",
    judge: ({ socket }) => {
      if (socket === null || !socket.isThere) return unknown("there is no socket");
      return socket.right === null
        ? ok("may use it")
        : fail(
            socket.right,
            "add the user to that group and log in again, or name an engine of the user's own",
          );
    },
  },
  engine: {
    expected: "an engine that answers",
    why: "the API, its workers and databases run in containers; `explore`, `replay` and `check` do without",
    judge: ({ by, silent }) => (silent === null ? ok(by) : fail(silent.happened, silent.next)),
  },
} as const satisfies Checks<ReachFacts>;

/** What an engine that answers says of itself. */
export interface EngineFacts {
  version: string;
  /** `1.41`. */
  apiVersion: string;
  /** What its containers run: `linux` or `windows`. */
  kind: string;
  cores: number;
  memory: number;
  /** Its clock ahead of this machine's; negative where it is behind. */
  aheadMs: Millis | null;
  /** Bytes free where it keeps images and containers; null where this user cannot see that. */
  bytes: number | null;
  /** Its networks of the kind `bridge`. */
  bridges: number;
  /** The gateway of such a network, and whether it is an address of this machine; null where it has none. */
  gateway: { address: string; isHere: boolean } | null;
  /** What runs have left whose process is gone, and the ids of runs that are under way. */
  left: { containers: number; networks: number };
  others: readonly string[];
}

const leastApi = [1, 41] as const;
const moreMemory = "give the engine's machine more of it";

export const engineChecks = {
  "engine-version": {
    expected: "Docker 20.10 (API 1.41) or newer",
    why: "an older one lacks calls that Interlock makes",
    judge: ({ version, apiVersion }) => {
      const told = `${version}, API ${apiVersion}`;
      return isVersion(apiVersion, leastApi) ? ok(told) : fail(told, "install a newer engine");
    },
  },
  "engine-kind": {
    expected: "an engine of Linux containers",
    why: "MySQL and the images of components are Linux images",
    judge: ({ kind }) => (kind === "linux" ? ok(kind) : fail(kind, "switch the engine to Linux containers")),
  },
  "engine-here": {
    expected: "the gateway of its networks to be an address of this machine",
    why: "proxies listen there and containers are reached by their own addresses; a remote or rootless engine has it elsewhere",
    judge: ({ gateway }) => {
      if (gateway === null) return unknown("it has no network with a gateway yet");
      return gateway.isHere
        ? ok(gateway.address)
        : warn(
            `${gateway.address} is none of them`,
            "on Linux, take an engine that runs on this machine as root; on macOS this is so, and the network is open",
          );
    },
  },
  "engine-cores": {
    expected: "an engine with at least 2 cores",
    why: "a system of eight processes on one core answers late, and late is no verdict",
    judge: ({ cores }) =>
      atLeast(cores, { fail: 1, warn: 2 }, String, "give the engine's machine more cores"),
  },
  "engine-memory": {
    expected: "an engine with at least 1.5 GiB of memory; 3 GiB are at ease",
    why: "two MySQL servers, an API and workers run in it",
    judge: ({ memory }) => atLeast(memory, { fail: 1.5 * gibibyte, warn: 3 * gibibyte }, inBytes, moreMemory),
  },
  "engine-disk": {
    expected: "at least 1 GiB of free disk where it keeps containers; 3 GiB are at ease",
    why: "MySQL does not start where its data finds no room",
    judge: ({ bytes }) =>
      bytes === null
        ? unknown("this user cannot see its folder")
        : atLeast(
            bytes,
            { fail: gibibyte, warn: 3 * gibibyte },
            (free) => `${inBytes(free)} free`,
            "make room: `docker system df` shows what takes it",
          ),
  },
  "engine-clock": {
    expected: "its clock within 1 s of this machine's",
    why: "when a database or table was made is held against this machine's clock",
    judge: ({ aheadMs }) => {
      if (aheadMs === null) return unknown("it does not tell its time");
      const told = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? "behind" : "ahead"}`;
      const next = "set the clock of the engine's machine; one that slept may have to be started anew";
      if (Math.abs(aheadMs) > 5000) return fail(told, next);
      return Math.abs(aheadMs) > 1000 ? warn(told, next) : ok(told);
    },
  },
  "engine-networks": {
    expected: "fewer than 25 bridge networks",
    why: "each run makes one, and an engine has addresses for about 30",
    judge: ({ bridges }) =>
      bridges >= 25
        ? warn(String(bridges), "`docker network prune` removes those without containers")
        : ok(String(bridges)),
  },
  leftovers: {
    expected: "nothing left by runs whose process is gone",
    why: "it takes memory and addresses; a run removes it before it begins",
    judge: ({ left: { containers, networks } }) =>
      containers + networks === 0
        ? ok("nothing")
        : warn(`${containers} containers and ${networks} networks`, `remove them: \`${commandTo("clean")}\``),
  },
  "other-runs": {
    expected: "no other run of Interlock on this engine",
    why: "runs do not disturb each other's data, but take each other's time",
    judge: ({ others }) =>
      others.length === 0
        ? ok("none")
        : warn(
            listed(others),
            `wait for them, or end them; \`${commandTo("clean", "--all")}\` removes all that they have`,
          ),
  },
} as const satisfies Checks<EngineFacts>;
