import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bornAt, here, isDead, type Owner, ownerFromLabels, ownerLabels, ownerOf } from "./owner.ts";

const own = ownerOf("run-1");

describe("an owner", () => {
  test("is this process, named in labels that can be read back", () => {
    expect(own).toEqual({ run: "run-1", pid: process.pid, born: bornAt(process.pid), place: here });
    expect(ownerFromLabels(ownerLabels(own))).toEqual(own);
    expect(Object.keys(ownerLabels(own)).every((label) => label.startsWith("interlock."))).toBe(true);
  });

  test.each<[string, Partial<Owner>, boolean]>([
    ["that is this process", {}, false],
    ["whose pid another process got later", { born: "1" }, true],
    ["that is the first process of all", { pid: 1, born: bornAt(1) }, false],
    ["on another host", { place: { ...here, host: "elsewhere" }, pid: 0 }, false],
    ["in another PID namespace", { place: { ...here, namespace: "pid:[1]" }, pid: 2 ** 30 }, false],
    ["on another machine of the same name", { place: { ...here, machine: "m", boot: "b" }, pid: 0 }, false],
    ["of this machine before its last start", { place: { ...here, boot: "earlier" } }, here.machine !== ""],
    ["in labels that do not tell its namespace", { place: { ...here, namespace: "" }, pid: 0 }, false],
    ["with the pid 0", { pid: 0 }, true],
    ["with a pid below 0, which would address a group", { pid: -process.pid }, true],
    ["with a pid that is no number", { pid: Number.NaN }, true],
    ["with a pid that nobody can have", { pid: 2 ** 30 }, true],
  ])("%s", (_, more, dead) => {
    expect(isDead({ ...own, ...more })).toBe(dead);
  });

  test("whose process has ended is dead", () => {
    const { pid } = spawnSync("/bin/true");
    expect(isDead({ ...own, pid })).toBe(true);
  });

  test("whose labels are gone cannot be judged", () => {
    const place = { host: "", machine: "", boot: "", namespace: "" };
    expect(ownerFromLabels({})).toEqual({ run: "", pid: 0, born: "", place });
    expect(isDead(ownerFromLabels({}))).toBe(false);
  });
});

describe("the birth of a process", () => {
  test("is what the kernel says in the field that proc(5) calls starttime, and stays the same", () => {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const starttime = /^\d+ \(.*\) \S+(?: -?\d+){18} (\d+)/s.exec(stat)?.[1];
    expect(bornAt(process.pid)).toBe(starttime);
    expect(bornAt(process.pid)).toBe(own.born);
  });

  test("of none is nothing", () => {
    expect(bornAt(2 ** 30)).toBe("");
  });

  test("is read behind a command name with blanks and brackets", async () => {
    const folder = mkdtempSync(join(tmpdir(), "owner-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const program = join(folder, "a) S 1 (b");
    symlinkSync("/bin/cat", program);
    const child = spawn(program, { stdio: ["pipe", "ignore", "ignore"] });
    await once(child, "spawn");
    const born = Number(bornAt(child.pid as number));
    child.stdin.end();
    await once(child, "exit");
    expect(born).toBeGreaterThanOrEqual(Number(own.born));
  });
});
