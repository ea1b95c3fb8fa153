import type { Millis } from "../../contracts/values.ts";
import {
  atLeast,
  type Checks,
  fail,
  gibibyte,
  inBytes,
  isVersion,
  listed,
  mebibyte,
  ok,
  unknown,
  warn,
} from "./check.ts";

/** What this machine is; null where the system does not tell it. */
export interface MachineFacts {
  /** `24.12.0`. */
  node: string;
  platform: string;
  cores: number;
  /** Processes that wanted to run in the last minute. */
  load: number;
  /** Bytes that this process may still take. */
  memory: number | null;
  /** The most that its own heap may take, in bytes. */
  heap: number;
  now: Millis;
  openFiles: number | null;
  processes: number | null;
  /** Why nothing can listen on 127.0.0.1; null where it can. */
  loopback: string | null;
  /** Why this user cannot listen on port 53; null where it can. */
  namesPort: string | null;
  /** Packages that Interlock needs: what it asks for and what is there, null where that is nothing. */
  dependencies: readonly { name: string; wanted: string; there: string | null }[];
}

/** As `engines` of package.json says. */
const leastNode = [24, 12] as const;
/** When this was written: a clock before it is wrong. */
const earliest = Date.UTC(2026, 0, 1);
/** Runs are named and ordered by their date, of four digits. */
const latest = Date.UTC(2100, 0, 1);

export const machineChecks = {
  node: {
    expected: `Node ${leastNode.join(".")} or newer`,
    why: "an older one cannot read Interlock's code or a config in TypeScript",
    judge: ({ node }) =>
      isVersion(node, leastNode) ? ok(node) : fail(node, `install Node ${leastNode.join(".")} or newer`),
  },
  dependencies: {
    expected: "the packages that Interlock asks for, each in its version",
    why: "another version may do otherwise what a verdict rests on",
    judge: ({ dependencies }) => {
      const wrong = dependencies.filter(({ wanted, there }) => there !== wanted);
      const said = wrong.map(({ name, wanted, there }) => `${name} ${there ?? "missing"} for ${wanted}`);
      return wrong.length === 0
        ? ok(`${dependencies.length} packages`)
        : fail(listed(said), "install them again: `npm ci`, or `script/setup --packages-only` in a checkout");
    },
  },
  system: {
    expected: "Linux",
    why: "elsewhere the engine runs in a machine of its own: the run's network is open, and no CPU time is read",
    judge: ({ platform }) => {
      if (platform === "linux") return ok(platform);
      return platform === "darwin"
        ? warn(platform, "run on Linux where a verdict counts, as in CI")
        : fail(platform, "run on Linux; on Windows, within WSL");
    },
  },
  cores: {
    expected: "at least 2 processor cores",
    why: "a system of eight processes on one core answers late, and late is no verdict",
    judge: ({ cores }) =>
      atLeast(cores, { fail: 1, warn: 2 }, String, "give this machine or container more cores"),
  },
  load: {
    expected: "at most 2 processes a core that want to run",
    why: "what answers late since others are busy gets the verdict `infrastructure`",
    judge: ({ load, cores }) => {
      const told = `${load.toFixed(1)} on ${cores} cores`;
      return load > 2 * cores ? warn(told, "end what else is running, or wait for it") : ok(told);
    },
  },
  memory: {
    expected: "at least 1 GiB of free memory; 2 GiB are at ease",
    why: "two MySQL servers, an API and workers are started; the kernel ends one of them where memory runs out",
    judge: ({ memory }) =>
      atLeast(
        memory,
        { fail: gibibyte, warn: 2 * gibibyte },
        (bytes) => `${inBytes(bytes)} free`,
        "end what else takes memory, or give this machine or container more",
      ),
  },
  heap: {
    expected: "a heap of at least 512 MiB for Node; 1 GiB is at ease",
    why: "the history of a large matrix is read whole",
    judge: ({ heap }) =>
      atLeast(
        heap,
        { fail: 512 * mebibyte, warn: gibibyte },
        inBytes,
        "take --max-old-space-size out of NODE_OPTIONS, or give more memory",
      ),
  },
  clock: {
    expected: "a date between 2026 and 2100",
    why: "runs are named by their date, and the gate refuses evidence that is too old",
    judge: ({ now }) => {
      const told = new Date(now).toISOString();
      return now < earliest || now >= latest ? fail(told, "set this machine's clock") : ok(told);
    },
  },
  "open-files": {
    expected: "at least 512 open files for a process; 2048 are at ease",
    why: "every call of a worker passes through a proxy of this process, on two connections",
    judge: ({ openFiles }) =>
      atLeast(openFiles, { fail: 512, warn: 2048 }, String, "allow more: `ulimit -n 4096`"),
  },
  processes: {
    expected: "at least 256 processes and threads for this user; 1024 are at ease",
    why: "components given as commands, and threads that explore, are started by this user",
    judge: ({ processes }) =>
      atLeast(processes, { fail: 256, warn: 1024 }, String, "allow more: `ulimit -u 4096`"),
  },
  loopback: {
    expected: "to listen on 127.0.0.1 and be reached there",
    why: "links, `up` and components given as commands listen there",
    judge: ({ loopback }) =>
      loopback === null
        ? ok("reached")
        : fail(loopback, "bring the loopback interface up: `ip link set lo up`"),
  },
  "names-port": {
    expected: "the right to listen on port 53",
    why: "without it no run hears which names outside of it a component looks up; its result says so",
    judge: ({ namesPort, platform }) => {
      if (platform !== "linux") return unknown(`is not used on ${platform}`);
      return namesPort === null
        ? ok("may listen")
        : warn(namesPort, "run as root, or set net.ipv4.ip_unprivileged_port_start to 53");
    },
  },
} as const satisfies Checks<MachineFacts>;
