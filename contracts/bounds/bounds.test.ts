import { expect, test } from "vitest";
import { bytesWithin } from "./bytes.ts";
import { parametersWithin } from "./form.ts";

/** A body of `count` chunks of a kilobyte; `log` is told of each that was asked for, and of its end. */
const bodyOf = (count: number, log: string[] = []) => {
  let given = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (given === count) return controller.close();
        given += 1;
        log.push("chunk");
        controller.enqueue(new Uint8Array(1024));
      },
      cancel: () => void log.push("cancelled"),
    },
    { highWaterMark: 0 },
  );
};

test("a body within its limit is read whole", async () => {
  expect(await bytesWithin(bodyOf(4), 4096)).toHaveLength(4096);
  expect(await bytesWithin(null, 0)).toHaveLength(0);
});

test("a body without an end is read no further than its limit, and cancelled", async () => {
  const log: string[] = [];
  expect(await bytesWithin(bodyOf(Number.POSITIVE_INFINITY, log), 2048)).toBeNull();
  expect(log).toEqual(["chunk", "chunk", "chunk", "cancelled"]);
});

test("a body that is too long can be left open, for whoever reads the rest", async () => {
  const log: string[] = [];
  const body = bodyOf(4, log);
  expect(await bytesWithin(body, 1024, { open: true })).toBeNull();
  expect(log).toEqual(["chunk", "chunk"]);
  expect(await bytesWithin(body, 4096)).toHaveLength(2048);
});

test("parameters are read up to their limit, and none beyond it", () => {
  expect(parametersWithin("a=1&b=%20&c", 3)).toEqual({ a: "1", b: " ", c: "" });
  expect(parametersWithin("a=1&b=%20&c&", 3)).toBeNull();
  expect(parametersWithin("a&".repeat(2_000_000), 100)).toBeNull();
});
