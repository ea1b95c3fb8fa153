import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InfrastructureError, UsageError } from "../errors.ts";
import { sha256 } from "../secrets.ts";
import { wholeHistory } from "../testing/whole-history.ts";
import { bodiesFolder, bodyFile } from "./format.ts";
import { readHistory } from "./read.ts";
import { serialise } from "./write.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-fuzz-"));
  file = join(folder, "history.jsonl");
  await mkdir(bodiesFolder(file));
  for (const [name, body] of bodies) await writeFile(bodyFile(file, name), body);
});
afterAll(() => rm(folder, { recursive: true }));

const { text: whole, bodies } = serialise(wholeHistory);
const lines = whole.trimEnd().split("\n");
const bytes = Buffer.from(whole);

/** What the reader says of it: null if it takes it. Throws what no command could print in a line. */
async function refusalOf(content: string | Uint8Array): Promise<string | null> {
  await writeFile(file, content);
  try {
    await readHistory(file);
    return null;
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof InfrastructureError;
    if (!isOurs || !error.message.includes(file) || /\n\s+at |\[object/.test(error.message)) throw error;
    return error.message;
  }
}

const place = fc.nat(bytes.length - 1);
const line = fc.nat(lines.length - 1);
const text = (all: readonly string[]): string => all.map((one) => `${one}\n`).join("");

/** Every way to change a file by a little. */
const mutation = fc.oneof(
  // Only the last line break may be missing.
  fc.nat(bytes.length - 2).map((at) => bytes.subarray(0, at)),
  fc
    .tuple(place, fc.integer({ min: 1, max: 255 }))
    .map(([at, by]) => bytes.with(at, (bytes[at] as number) ^ by)),
  fc
    .tuple(place, fc.nat(255))
    .map(([at, byte]) => Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])),
  line.map((at) => text(lines.toSpliced(at, 1))),
  fc.tuple(line, line).map(([from, to]) => text(lines.toSpliced(to, 0, lines[from] as string))),
  fc
    .tuple(line, line)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => text(lines.with(a, lines[b] as string).with(b, lines[a] as string))),
);

test("whatever is changed in a file is refused in words", { timeout: 60_000 }, async () => {
  expect(await refusalOf(whole)).toBeNull();
  await fc.assert(
    fc.asyncProperty(mutation, async (content) => {
      expect(await refusalOf(content)).not.toBeNull();
    }),
    { numRuns: 700 },
  );
});

type Step = string | number;

/** The paths to everything in a value. */
const pathsIn = (value: unknown): Step[][] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [
        [key],
        ...pathsIn(inner).map((path) => [key, ...path]),
      ]);

const places = lines
  .slice(0, -1)
  .flatMap((json, at) => pathsIn(JSON.parse(json)).map((path) => ({ at, path })));

/** What a value may become; undefined: its key is gone. */
const odd = fc.oneof(
  fc.constantFrom(undefined, null, true, "", "x", "kind", 0, -1, 1.5, 1e300, [], {}, [[]], { $body: "x" }),
  fc
    .constantFrom('{"__proto__":{}}', '{"toString":1}', '{"constructor":null,"length":-1}')
    .map((json) => JSON.parse(json)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The lines with one value, at any depth, that has become another. */
const edit = fc.tuple(fc.constantFrom(...places), odd).map(([{ at, path }, value]) => {
  const event = JSON.parse(lines[at] as string) as unknown;
  const last = path.at(-1) as Step;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, step) => Reflect.get(inner as object, step), event);
  if (value === undefined) Reflect.deleteProperty(parent as object, last);
  else Reflect.set(parent as object, last, value);
  return { at, path, events: lines.slice(0, -1).with(at, JSON.stringify(event)) };
});

test("an edited value is refused", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, events }) => {
      fc.pre(events[at] !== lines[at]);
      expect(await refusalOf(text([...events, lines.at(-1) as string]))).not.toBeNull();
    }),
    { numRuns: 700 },
  );
});

/** What a service says may be anything. */
const isFree = ([key]: Step[], at: number): boolean =>
  ["request", "reply", "headers"].includes(String(key)) || wholeHistory[at]?.kind === "final";

test("an edited value with the right checksum is refused in words, or is a history", {
  timeout: 60_000,
}, async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, path, events }) => {
      const before = text(events);
      const end = { kind: "end", events: events.length, sha256: sha256(before) };
      const refusal = await refusalOf(before + text([JSON.stringify(end)]));
      if (refusal === null) return;
      if (!isFree(path, at)) refused += 1;
      expect(refusal).toMatch(new RegExp(`${file}:(${at + 1}|[1-7]):`));
    }),
    { numRuns: 700 },
  );
  expect(refused).toBeGreaterThan(100);
});
