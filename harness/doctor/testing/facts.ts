import { gibibyte } from "../check.ts";
import type { Facts } from "../diagnosis.ts";

/** A machine on which nothing is in the way. */
export const healthy = {
  machine: {
    node: "24.21.0",
    platform: "linux",
    cores: 4,
    load: 0.5,
    memory: 8 * gibibyte,
    heap: 4 * gibibyte,
    now: Date.UTC(2026, 10, 27),
    openFiles: 4096,
    processes: 4096,
    loopback: null,
    namesPort: null,
    dependencies: [{ name: "zod", wanted: "4.6.7", there: "4.6.7" }],
  },
  folder: {
    path: "/work/.interlock/runs",
    trouble: null,
    mode: 0o700,
    bytes: 50 * gibibyte,
    files: 1_000_000,
    runs: 3,
  },
  reach: {
    by: "the standard socket",
    named: null,
    socket: { path: "/var/run/docker.sock", isThere: true, right: null },
    silent: null,
  },
  engine: {
    version: "28.0.1",
    apiVersion: "1.48",
    kind: "linux",
    cores: 4,
    memory: 8 * gibibyte,
    aheadMs: 0,
    bytes: 50 * gibibyte,
    bridges: 2,
    gateway: { address: "172.17.0.1", isHere: true },
    left: { containers: 0, networks: 0 },
    others: [],
  },
  file: { path: "interlock.config.ts", isThere: true, problem: null },
  system: {
    programs: [{ component: "api current", program: "node", trouble: null }],
    urls: [{ component: "mysql", url: "mysql://db:3306", trouble: null }],
    refs: [{ component: "api v1", ref: "v1", trouble: null }],
    linkPorts: [{ component: "worker-v5", port: 9001, trouble: null }],
    code: null,
    hasSchedules: true,
    withoutProbe: [],
    lostContracts: [],
  },
  images: {
    architecture: "amd64",
    images: [
      { component: "api current", image: "my/api", isUsual: true, architecture: "amd64" },
      { component: "api next", image: "my/api:next", isUsual: false, architecture: "amd64" },
    ],
  },
} satisfies Facts;
