import { gzipSync } from "node:zlib";
import type { HeldObject, Source } from "./destination.ts";

/** What no load reads, besides an object that is cut off: each makes its job an error, and nothing of any object is loaded. */

const broken = {
  /** It is not packed. */
  plain: (lines) => Buffer.from(lines.join("\n")),
  "blank-line": (lines) => gzipSync(lines.join("\n\n")),
  /** One record has a list. */
  list: ([first = "", ...lines]) => gzipSync([first, '{"id":1,"text":[]}', ...lines].join("\n")),
  /** One line is a text and no record. */
  text: ([first = "", ...lines]) => gzipSync([first, '"id"', ...lines].join("\n")),
  /** One text has a byte that UTF-8 has nowhere. */
  bytes: ([first = "", ...lines]) =>
    gzipSync(Buffer.from([first, '{"text":"\xff"}', ...lines].join("\n"), "latin1")),
  "cut-line": ([first = "", ...lines]) => gzipSync([first, first.slice(0, -1), ...lines].join("\n")),
} as const satisfies Record<string, (lines: readonly string[]) => Buffer>;

export type Broken = keyof typeof broken;
export const brokenKinds = Object.keys(broken) as [Broken, ...Broken[]];
export const isBrokenKind = (name: unknown): name is Broken => brokenKinds.includes(name as Broken);

/** Two objects, of which the first can be read. */
export function brokenBelow(prefix: string, kind: Broken, { columns }: Source): HeldObject[] {
  const lines = [1, 2].map((id) =>
    JSON.stringify(Object.fromEntries(columns.map(([name, type]) => [name, type === "bigint" ? id : null]))),
  );
  const bodies = [gzipSync(lines.join("\n")), broken[kind](lines)];
  return bodies.map((body, i) => ({
    name: `${prefix}part_${i + 1}.jsonl.gz`,
    body: Uint8Array.from(body),
    rows: [],
  }));
}
