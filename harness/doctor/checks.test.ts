import { gibibyte, mebibyte } from "./check.ts";
import { type EngineFacts, engineChecks, type ReachFacts, reachChecks } from "./engine.ts";
import { type FolderFacts, folderChecks } from "./folder.ts";
import { type MachineFacts, machineChecks } from "./machine.ts";
import {
  type FileFacts,
  fileChecks,
  type ImageFacts,
  imageChecks,
  type SystemFacts,
  systemChecks,
} from "./system.ts";
import { healthy } from "./testing/facts.ts";
import { type Ills, tried } from "./testing/ills.ts";

const [image, other] = healthy.images.images as [ImageFacts["images"][number], ImageFacts["images"][number]];
const socket = healthy.reach.socket;
const program = { component: "worker-v6", program: "worker", trouble: "it is in no folder of PATH" };

const machine: Ills<MachineFacts, typeof machineChecks> = {
  node: [
    [{ node: "24.11.1" }, "fail", "24.11.1"],
    [{ node: "22.18.0" }, "fail", "22.18.0"],
  ],
  dependencies: [
    [{ dependencies: [{ name: "zod", wanted: "4.6.7", there: "3.25.0" }] }, "fail", "zod 3.25.0 for 4.6.7"],
    [{ dependencies: [{ name: "td", wanted: "0.5.0", there: null }] }, "fail", "td missing"],
  ],
  system: [
    [{ platform: "darwin", namesPort: null }, "warn", "darwin"],
    [{ platform: "win32" }, "fail", "win32"],
  ],
  cores: [[{ cores: 1 }, "warn", "1"]],
  load: [[{ load: 8.1 }, "warn", "8.1 on 4 cores"]],
  memory: [
    [{ memory: 700 * mebibyte }, "fail", "700 MiB"],
    [{ memory: 1.5 * gibibyte }, "warn", "1.5 GiB"],
  ],
  heap: [
    [{ heap: 256 * mebibyte }, "fail", "256 MiB"],
    [{ heap: 600 * mebibyte }, "warn", "600 MiB"],
  ],
  clock: [
    [{ now: 0 }, "fail", "1970"],
    [{ now: Date.UTC(2100, 0, 1) }, "fail", "2100"],
  ],
  "open-files": [
    [{ openFiles: 256 }, "fail", "256"],
    [{ openFiles: 1024 }, "warn", "1024"],
    [{ openFiles: null }, "unknown", "does not tell"],
  ],
  processes: [
    [{ processes: 100 }, "fail", "100"],
    [{ processes: 512 }, "warn", "512"],
  ],
  loopback: [[{ loopback: "listen EADDRNOTAVAIL" }, "fail", "EADDRNOTAVAIL"]],
  "names-port": [[{ namesPort: "bind EACCES" }, "warn", "EACCES"]],
};

const folder: Ills<FolderFacts, typeof folderChecks> = {
  writable: [[{ trouble: "EROFS: read-only file system" }, "fail", "EROFS"]],
  private: [
    [{ mode: 0o755 }, "warn", "755"],
    [{ mode: 0o720 }, "warn", "720"],
    [{ mode: null }, "fail", "no folder"],
  ],
  disk: [
    [{ bytes: 100 * mebibyte }, "fail", "100 MiB"],
    [{ bytes: gibibyte }, "warn", "1.0 GiB"],
  ],
  files: [
    [{ files: 12 }, "fail", "12 free"],
    [{ files: 5000 }, "warn", "5000"],
    [{ files: null }, "unknown", "does not tell"],
  ],
  runs: [[{ runs: 501 }, "warn", "501"]],
};

const reach: Ills<ReachFacts, typeof reachChecks> = {
  "engine-named": [[{ named: "Docker context far: it leads to ssh" }, "fail", "context far"]],
  "engine-socket": [[{ socket: { ...socket, isThere: false } }, "fail", "is not there"]],
  "engine-right": [[{ socket: { ...socket, right: "me (1000) has no right" } }, "fail", "has no right"]],
  engine: [[{ silent: { happened: "ECONNREFUSED", next: "start it" } }, "fail", "ECONNREFUSED"]],
};

const engine: Ills<EngineFacts, typeof engineChecks> = {
  "engine-version": [
    [{ version: "19.03", apiVersion: "1.40" }, "fail", "19.03, API 1.40"],
    [{ apiVersion: "1.9" }, "fail", "1.9"],
  ],
  "engine-kind": [[{ kind: "windows" }, "fail", "windows"]],
  "engine-here": [
    [{ gateway: { address: "192.168.65.1", isHere: false } }, "warn", "192.168.65.1"],
    [{ gateway: null }, "unknown", "no network"],
  ],
  "engine-cores": [[{ cores: 1 }, "warn", "1"]],
  "engine-memory": [
    [{ memory: gibibyte }, "fail", "1.0 GiB"],
    [{ memory: 2 * gibibyte }, "warn", "2.0 GiB"],
  ],
  "engine-disk": [
    [{ bytes: 200 * mebibyte }, "fail", "200 MiB"],
    [{ bytes: 2 * gibibyte }, "warn", "2.0 GiB"],
    [{ bytes: null }, "unknown", "cannot see"],
  ],
  "engine-clock": [
    [{ aheadMs: -60_000 }, "fail", "60.0 s behind"],
    [{ aheadMs: 2000 }, "warn", "2.0 s ahead"],
    [{ aheadMs: null }, "unknown", "does not tell"],
  ],
  "engine-networks": [[{ bridges: 25 }, "warn", "25"]],
  leftovers: [
    [{ left: { containers: 4, networks: 0 } }, "warn", "4 containers"],
    [{ left: { containers: 0, networks: 1 } }, "warn", "1 networks"],
  ],
  "other-runs": [[{ others: ["2026-11-27-aaaa"] }, "warn", "2026-11-27-aaaa"]],
};

const file: Ills<FileFacts, typeof fileChecks> = {
  config: [[{ isThere: false }, "fail", "no interlock.config.ts here"]],
  "config-loads": [[{ problem: "interlock.config.ts: cannot be loaded" }, "fail", "cannot be loaded"]],
};

const system: Ills<SystemFacts, typeof systemChecks> = {
  programs: [[{ programs: [program] }, "fail", "worker-v6: worker: it is in no folder"]],
  refs: [
    [{ refs: [{ component: "api", ref: "v9", trouble: "v9 is no commit" }] }, "fail", "v9 is no commit"],
  ],
  urls: [
    [{ urls: [{ component: "mysql", url: "mysql://db", trouble: "ECONNREFUSED" }] }, "fail", "mysql://db"],
  ],
  "link-ports": [[{ linkPorts: [{ component: "w", port: 80, trouble: "EACCES" }] }, "fail", "w: 80: EACCES"]],
  code: [
    [{ code: "Cannot find module" }, "fail", "Cannot find module"],
    [{ code: undefined }, "unknown", "has none"],
  ],
  schedules: [[{ hasSchedules: false }, "warn", "not there"]],
  probe: [[{ withoutProbe: ["workerTokens"] }, "warn", "workerTokens"]],
  "contract-sets": [[{ lostContracts: ["old.json"] }, "warn", "old.json"]],
};

const images: Ills<ImageFacts, typeof imageChecks> = {
  images: [[{ images: [{ ...image, architecture: null }, other] }, "fail", "api current: my/api"]],
  "release-images": [[{ images: [image, { ...other, architecture: null }] }, "warn", "my/api:next"]],
  "image-architecture": [
    [{ images: [{ ...image, architecture: "arm64" }, other] }, "warn", "my/api is arm64"],
  ],
};

tried("the machine", machineChecks, healthy.machine as MachineFacts, machine);
tried("the folder", folderChecks, healthy.folder as FolderFacts, folder);
tried("the way to the engine", reachChecks, healthy.reach as ReachFacts, reach);
tried("the engine", engineChecks, healthy.engine as EngineFacts, engine);
tried("the config file", fileChecks, healthy.file as FileFacts, file);
tried("what the config names", systemChecks, healthy.system as SystemFacts, system);
tried("images", imageChecks, healthy.images as ImageFacts, images);
