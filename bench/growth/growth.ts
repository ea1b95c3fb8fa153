import { execa } from "execa";
import { z } from "zod";
import { median } from "../../harness/quantile.ts";
import type { Bar, Curve } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { figure, spread } from "../figures.ts";
import { measureShards } from "./shards.ts";
import { exponentOf, exponentsOf, isLinear, mostExponent } from "./slope.ts";
import { type Subject, type SubjectName, subjects } from "./subjects.ts";

/** How what Interlock does costs more where there is more of it: CPU time and memory, each point in a process of its own. */

const rounds = 5;
const program = ["--expose-gc", "--max-old-space-size=12000", "bench/growth/point.ts"];

const measured = z.object({ cpu: z.array(z.number().positive()).min(1), mb: z.number() });

/** One size of a subject. */
export interface Grown {
  size: number;
  /** Seconds of each round. */
  cpu: readonly number[];
  /** The most that the process had above its code. */
  mb: number;
}

export async function measureGrowth(bench: Bench): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const [name, subject] of Object.entries<Subject>(subjects))
    bars.push(growthBar(subject, await grown(name as SubjectName, subject, bench)));
  return [...bars, await measureShards(bench)];
}

/** @returns a point of each size; with `--quick` one round of all but the largest */
async function grown(name: SubjectName, { title, over, sizes }: Subject, bench: Bench): Promise<Grown[]> {
  const { folder, note, quick } = bench;
  const points: Grown[] = [];
  for (const size of quick ? sizes.slice(0, -1) : sizes) {
    note(`${title}, ${size.toLocaleString("en")} ${over}`);
    const { stdout } = await execa(
      "node",
      [...program, name, String(size), String(quick ? 1 : rounds), folder],
      { preferLocal: true },
    );
    points.push({ size, ...measured.parse(JSON.parse(stdout)) });
  }
  return points;
}

/** Points of a subject as a row and a curve; one round may be noise, so what grows is the median. */
export function growthBar({ title, over }: Pick<Subject, "title" | "over">, points: readonly Grown[]): Bar {
  const cpu = points.map(({ size, cpu }) => [size, median(cpu)] as const);
  const memory = points.map(({ size, mb }) => [size, Math.max(1, mb)] as const);
  const { whole, last } = exponentsOf(cpu);
  const told = points.map(
    ({ size, cpu, mb }) => `${size.toLocaleString("en")}: ${spread(cpu, "s")}, ${figure(Math.max(1, mb))} MB`,
  );
  const times = points[0]?.cpu.length ?? 0;
  return {
    bar: `how cost grows, ${title}`,
    line: `exponent of the CPU time over ${over} <= ${mostExponent}, in the last step too`,
    measured: `${whole.toFixed(2)}, ${last.toFixed(2)} in the last step; of the memory ${exponentOf(memory).toFixed(2)}; ${told.join("; ")}; ${times === 1 ? "one round" : `medians of ${times} (least to most)`}`,
    met: isLinear(cpu),
    curve: curveOf(title, over, points),
  };
}

const curveOf = (title: string, over: string, points: readonly Grown[]): Curve => ({
  title: `How cost grows, ${title}`,
  over,
  logarithmic: true,
  measures: { cpu: "CPU time, s", mb: "memory, MB" },
  points: points.map(({ size, cpu, mb }) => ({
    of: "Interlock",
    at: size,
    figures: { cpu: median(cpu), mb: Math.max(1, mb) },
    spread: { cpu: [Math.min(...cpu), Math.max(...cpu)] },
  })),
});
