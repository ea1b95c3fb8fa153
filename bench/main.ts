import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { Command } from "commander";
import { execa } from "execa";
import { loadConfig } from "../harness/config/load-config.ts";
import { liveProgress } from "../harness/report/live/progress.ts";
import { Secrets } from "../harness/secrets.ts";
import { measureArchive } from "./archive.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";
import { measureReplay } from "./containers/replay.ts";
import { measureRigStart } from "./containers/rig-start.ts";
import { measureContainers } from "./containers/schedules.ts";
import { measureContention } from "./contention/contention.ts";
import { curvesIn, curvesPage, type Drawn, withDrawn } from "./curves.ts";
import { measureDiff } from "./diff.ts";
import { measureEvidence } from "./evidence.ts";
import { measureModel } from "./exchanges/model.ts";
import { measureWire } from "./exchanges/wire.ts";
import { measureExploration } from "./exploration.ts";
import { measureFirstTouch } from "./first-touch/first-touch.ts";
import { measureFirstVerdict } from "./first-verdict.ts";
import { measureGrowth } from "./growth/growth.ts";
import { measureHand } from "./hand.ts";
import { measureMutants } from "./mutants/found.ts";
import { measurePage } from "./page.ts";
import { measureSessions } from "./sessions.ts";
import { measureShrinking } from "./shrinking.ts";
import { tableOf, withMeasured } from "./table.ts";
import { measureVerification } from "./verification/verification.ts";

const proxy = async (): Promise<Bar> => {
  const { stdout } = await execa("node", ["bench/proxy.ts", "10000"], { preferLocal: true });
  const { direct_p50_us: direct, added_us: added } = JSON.parse(stdout) as {
    direct_p50_us: number;
    added_us: number;
  };
  return {
    bar: "fault proxy, p50 added over a direct connection",
    line: "<= 60 us",
    measured: `${added.toFixed(0)} us over ${direct.toFixed(0)} us`,
    met: added <= 60,
  };
};

/** In the order of the time that they take, so that a run that is cut short has told most; each with about how many seconds. */
const measurements: [what: string, measure: (bench: Bench) => Promise<Bar | Bar[]>, seconds: number][] = [
  ["help on the command line", measureHand, 15],
  ["fault proxy", proxy, 20],
  ["HTML page", measurePage, 20],
  ["model of the service", measureModel, 20],
  ["evidence", measureEvidence, 25],
  ["wire beside msw", measureWire, 30],
  ["contract verification", measureVerification, 50],
  ["contract diff", measureDiff, 60],
  ["start of a containers rig", measureRigStart, 60],
  ["first verdict", measureFirstVerdict, 120],
  ["how cost grows", measureGrowth, 200],
  ["sessions with MySQL", measureSessions, 300],
  ["schedules in containers", measureContainers, 300],
  ["mutants through the peers", measureMutants, 1_500],
  ["replay in containers", measureReplay, 600],
  ["archive of jobs", measureArchive, 300],
  ["contention of imports", measureContention, 400],
  ["first touch of a cold disk", measureFirstTouch, 600],
  ["shrinking", measureShrinking, 700],
  ["exploration", measureExploration, 900],
];
/** What takes longer is left out by `--quick`, but where it has a quick form. */
const quickSeconds = 60;
const hasQuickForm: readonly string[] = ["how cost grows", "mutants through the peers"];

const page = "docs/bars.md";
/** Drawn anew where it is kept, else beside what a run leaves. */
const drawings = { kept: "docs/bars.html", once: ".interlock/bars.html" };

interface Flags {
  only: string[];
  quick: boolean;
  json: boolean;
  write: boolean;
}

const command = new Command("script/bench")
  .description("measure the bars of docs/bars.md on this machine, beside their peers, and print them")
  .argument("[words...]", "measure only what has all these words in its name")
  .option(
    "--only <name>",
    "measure this, and nothing that is not named",
    (one, all: string[]) => [...all, one],
    [],
  )
  .option("--quick", "leave out what takes longer than a minute, and the long points of curves", false)
  .option("--json", "print one JSON object instead of a table", false)
  .option("--write", `put the figures into the table of ${page}, and curves into ${drawings.kept}`, false)
  .addHelpText("after", `\nWhat is measured:\n${measurements.map(([what]) => `  ${what}`).join("\n")}`)
  .parse();
const { only, quick, json, write } = command.opts<Flags>();
const named = measurements.filter(
  ([what]) => (only.length === 0 || only.includes(what)) && command.args.every((word) => what.includes(word)),
);
const isQuick = ([what, , seconds]: (typeof measurements)[number]): boolean =>
  seconds <= quickSeconds || hasQuickForm.includes(what);
const wanted = quick ? named.filter(isQuick) : named;
const strange = only.filter((name) => !measurements.some(([what]) => what === name));
if (strange.length > 0 || wanted.length === 0) {
  const asked = [...strange, ...command.args, ...(quick ? ["--quick"] : [])].join(", ");
  command.error(
    `script/bench: expected names of what is measured, got ${asked}; script/bench --help lists them, and --quick leaves the long ones out`,
    {
      exitCode: 64,
    },
  );
}

function every(ms: number, act: () => void): Disposable {
  const timer = setInterval(act, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

await mkdir(".interlock", { recursive: true });
const folder = await mkdtemp(".interlock/bench-");
const secrets = new Secrets();
const config = await loadConfig("interlock.config.ts", secrets);
const bars: Bar[] = [];
try {
  using progress = liveProgress((line) => process.stderr.write(`${secrets.redact(line)}\n`));
  for (const [i, [what, measure, seconds]] of wanted.entries()) {
    const began = performance.now();
    const later = wanted.slice(i + 1).reduce((sum, [, , one]) => sum + one, 0);
    const tell = (line: string) => progress.phase(`${i + 1} of ${wanted.length}, ${what}: ${line}`);
    tell("begins");
    // How much of this one is done, and how long it and all later ones take.
    using _ = every(1_000, () => {
      const spent = Math.min(seconds - 1, (performance.now() - began) / 1_000);
      progress.share(spent, seconds, seconds - spent + later);
    });
    bars.push(...[await measure({ config, secrets, folder, note: tell, quick })].flat());
  }
} finally {
  await rm(folder, { recursive: true });
}
const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}`;
const day = new Date().toISOString().slice(0, 10);
const curves = bars.flatMap(({ curve }): Drawn[] =>
  curve === undefined ? [] : [{ ...curve, machine: `${machine}, ${day}` }],
);
if (curves.length > 0) {
  const file = write ? drawings.kept : drawings.once;
  const before = write ? curvesIn(await readFile(file, "utf8")) : [];
  await writeFile(file, curvesPage(withDrawn(before, curves)));
  process.stderr.write(`drawn in ${file}\n`);
}
if (write) {
  const kept = bars.flatMap((bar) => Object.entries(bar.kept ?? {}));
  for (const [file, text] of kept) await writeFile(file, text);
  await writeFile(page, withMeasured(await readFile(page, "utf8"), bars));
  await execa("biome", ["format", "--write", page, ...kept.map(([file]) => file)], { preferLocal: true });
}
console.log(json ? JSON.stringify({ machine, bars }) : `${machine}\n\n${tableOf(bars)}`);
