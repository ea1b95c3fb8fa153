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
import { curvesPage } from "./curves.ts";
import { measureDiff } from "./diff.ts";
import { measureEvidence } from "./evidence.ts";
import { measureExploration } from "./exploration.ts";
import { measureFirstTouch } from "./first-touch/first-touch.ts";
import { measureFirstVerdict } from "./first-verdict.ts";
import { measureHand } from "./hand.ts";
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

/** In the order of the time that they take, so that a run that is cut short has told most. */
const measurements: [what: string, measure: (bench: Bench) => Promise<Bar | Bar[]>][] = [
  ["help on the command line", measureHand],
  ["fault proxy", proxy],
  ["contract diff", measureDiff],
  ["first verdict", measureFirstVerdict],
  ["evidence", measureEvidence],
  ["HTML page", measurePage],
  ["contract verification", measureVerification],
  ["start of a containers rig", measureRigStart],
  ["sessions with MySQL", measureSessions],
  ["schedules in containers", measureContainers],
  ["replay in containers", measureReplay],
  ["archive of jobs", measureArchive],
  ["contention of imports", measureContention],
  ["first touch of a cold disk", measureFirstTouch],
  ["shrinking", measureShrinking],
  ["exploration", measureExploration],
];

const drawing = ".interlock/bars.html";

const page = "docs/bars.md";

interface Flags {
  only: string[];
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
  .option("--json", "print one JSON object instead of a table", false)
  .option("--write", `put the figures into the table of ${page}`, false)
  .addHelpText("after", `\nWhat is measured:\n${measurements.map(([what]) => `  ${what}`).join("\n")}`)
  .parse();
const { only, json, write } = command.opts<Flags>();
const wanted = measurements.filter(
  ([what]) => (only.length === 0 || only.includes(what)) && command.args.every((word) => what.includes(word)),
);
const strange = only.filter((name) => !measurements.some(([what]) => what === name));
if (strange.length > 0 || wanted.length === 0) {
  const named = [...strange, ...command.args].join(", ");
  command.error(
    `script/bench: expected names of what is measured, got ${named}; script/bench --help lists them`,
    {
      exitCode: 64,
    },
  );
}

await mkdir(".interlock", { recursive: true });
const folder = await mkdtemp(".interlock/bench-");
const secrets = new Secrets();
const config = await loadConfig("interlock.config.ts", secrets);
const bars: Bar[] = [];
try {
  using progress = liveProgress((line) => process.stderr.write(`${secrets.redact(line)}\n`));
  for (const [what, measure] of wanted) {
    progress.phase(what);
    bars.push(...[await measure({ config, secrets, folder, note: progress.phase })].flat());
  }
} finally {
  await rm(folder, { recursive: true });
}
const curves = bars.flatMap(({ curve }) => curve ?? []);
const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}`;
if (curves.length > 0) {
  await writeFile(drawing, curvesPage(machine, curves));
  process.stderr.write(`drawn in ${drawing}\n`);
}
if (write) {
  await writeFile(page, withMeasured(await readFile(page, "utf8"), bars));
  await execa("biome", ["format", "--write", page], { preferLocal: true });
}
console.log(json ? JSON.stringify({ machine, bars }) : `${machine}\n\n${tableOf(bars)}`);
