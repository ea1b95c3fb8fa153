import type { Writable } from "node:stream";

/** Writes parts as fast as whoever reads takes them, until it has gone. */
export async function writeAll(to: Writable, parts: Iterable<Buffer | string>): Promise<void> {
  for (const part of parts) {
    if (to.destroyed) return;
    if (!to.write(part)) await drained(to);
  }
}

const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });

export function* times<T>(count: number, value: T): Generator<T> {
  for (let i = 0; i < count; i += 1) yield value;
}

const joinedBytes = 2 ** 16;

/** The same bytes in fewer parts. */
export function* joined(parts: Iterable<Buffer>): Generator<Buffer> {
  let kept: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    kept.push(part);
    size += part.length;
    if (size < joinedBytes) continue;
    yield Buffer.concat(kept);
    kept = [];
    size = 0;
  }
  yield Buffer.concat(kept);
}
