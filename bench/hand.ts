import { execa } from "execa";
import { median } from "../harness/quantile.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How long a person waits for help when all is set up, beside a command line of the same kind; by turns. */
const rounds = 15;
const calls = {
  interlock: ["node", "harness/cli.ts", "--help"],
  script: ["script/interlock", "--help"],
  vitest: ["vitest", "--version"],
} as const;
type Call = keyof typeof calls;

export async function measureHand({ note }: Bench): Promise<Bar[]> {
  note(`asking for help ${rounds} times by turns`);
  const times: Record<Call, number[]> = { interlock: [], script: [], vitest: [] };
  for (const name of Object.keys(calls) as Call[]) await timed(name);
  for (let i = 0; i < rounds; i += 1)
    for (const name of Object.keys(calls) as Call[]) times[name].push(await timed(name));
  const [own, script, vitest] = [median(times.interlock), median(times.script), median(times.vitest)];
  const ms = (millis: number): string => `${Math.round(millis)} ms`;
  return [
    {
      bar: "`interlock --help`",
      line: "<= 250 ms",
      measured: `${ms(own)}, beside ${ms(vitest)} of \`vitest --version\`; medians of ${rounds}`,
      met: own <= 250,
    },
    {
      bar: "`script/interlock --help`, all set up",
      line: "<= 300 ms above `interlock --help`",
      measured: `${ms(script)}, ${ms(script - own)} above`,
      met: script - own <= 300,
    },
  ];
}

async function timed(name: Call): Promise<number> {
  const [file, ...argv] = calls[name];
  const began = performance.now();
  await execa(file, argv, { preferLocal: true });
  return performance.now() - began;
}
