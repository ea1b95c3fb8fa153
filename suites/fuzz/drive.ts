import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { sha256 } from "../../harness/secrets.ts";
import type { Target } from "./target.ts";

const casesFolder = join(import.meta.dirname, "cases");

/** What was found before, by file. */
export function casesOf(name: string): { file: string; input: unknown }[] {
  const folder = join(casesFolder, name);
  return filesIn(folder).map((file) => ({
    file,
    input: JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown,
  }));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** How long one input may take; the slowest takes a hundredth of it. */
const inputMs = 10_000;
/** How much more memory may be held after all inputs than before them. */
const mostHeldBytes = 400 * 1024 * 1024;

/**
 * Tries new inputs. The smallest of those that fail is kept as a file among the cases, to be tried first from then on.
 *
 * @throws Error with what was wrong and the name of that file
 */
export async function fuzz(
  name: string,
  target: Target,
  { runs, seed }: { runs: number; seed: number },
): Promise<void> {
  const before = process.memoryUsage().rss;
  const property = fc.asyncProperty(target.inputs, (input) =>
    within(inputMs, async () => target.take(input)),
  );
  const checked = await fc.check(property, { numRuns: runs, seed });
  if (checked.failed) {
    const [input] = checked.counterexample as [unknown];
    const file = keep(name, input);
    throw new Error(`${name}, seed ${seed}: ${String(checked.errorInstance)}; kept as ${file}`, {
      cause: checked.errorInstance,
    });
  }
  const held = process.memoryUsage().rss - before;
  if (held > mostHeldBytes) throw new Error(`${name}, seed ${seed}: holds ${held} bytes more than before`);
}

function keep(name: string, input: unknown): string {
  const text = `${JSON.stringify(input)}\n`;
  const folder = join(casesFolder, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${sha256(text).slice(0, 12)}.json`);
  writeFileSync(file, text);
  return file;
}

/** What runs on without giving way is stopped by the test's own limit. */
async function within(millis: number, act: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${millis} ms`)), millis);
  });
  try {
    await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}
