import { test } from "vitest";
import { baseSchedule } from "../harness/explore/workloads.ts";
import { allBroken, judgeHistory } from "../harness/invariants/judge.ts";
import { runOnce } from "../harness/replay/run-once.ts";
import { options } from "../suites/trust/mutant-builds.ts";

test("x", { timeout: 200000 }, async () => {
  const s = baseSchedule("presto", "create-table", { api: "current", workers: {} } as any, 1) as any;
  const rigs = (process.env.RIGS ?? "simulated").split(",");
  for (const rig of rigs as any[]) {
    const t0 = performance.now();
    const run = await runOnce(rig, { ...s, workload: { ...s.workload, probe: true } }, options);
    const t1 = performance.now();
    const j = judgeHistory(run.events);
    console.log(rig, run.events.length, t1 - t0, performance.now() - t1, j.unjudged);
    for (const b of allBroken(j))
      console.log(
        b.invariant,
        b.job,
        b.witnesses
          .slice(0, 20)
          .map((w) => w.slice(0, 400))
          .join("\n"),
      );
    if (process.env.SHOW)
      for (const e of run.events as any[])
        if (
          e.kind === "exchange" &&
          e.probe &&
          /1{3}|2d|5{3}|5d/.test(JSON.stringify(e.request).slice(0, 3000))
        )
          console.log(
            e.sent,
            e.by,
            e.operation,
            JSON.stringify(e.request).slice(0, 150),
            e.status,
            JSON.stringify(e.reply).slice(0, 200),
          );
  }
});
