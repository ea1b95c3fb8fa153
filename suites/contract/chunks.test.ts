import { gzipSync } from "node:zlib";
import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkIn } from "../../contracts/model/streams/chunk.ts";
import { apikeys, neverAborted, plain, realClock, seed } from "../../harness/testing/plain-world.ts";
import { systemOf } from "./builds.ts";

/** The model and the reference API read chunks each by itself: they agree on what is one. */

const scalar = fc.oneof(
  fc.constantFrom(null, true, 0.5, Number.NaN, 2n ** 63n, 2n ** 63n - 1n, -(2n ** 63n), "", "é\u0000"),
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constantFrom(new Uint8Array(3), new ExtData(1, new Uint8Array(1)), new Date(0)),
);
const cell = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    { weight: 6, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie("any"), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 3 }), tie("any"), { maxKeys: 3 }) },
    { weight: 1, arbitrary: fc.nat(40).map(within) },
  ),
})).any;
const record = fc.record(
  {
    time: fc.oneof({ weight: 9, arbitrary: fc.integer() }, { weight: 1, arbitrary: cell }),
    a: cell,
    b: cell,
    A: fc.constant(1),
  },
  { requiredKeys: ["time"] },
);

/** So many lists within each other. */
function within(depth: number): unknown {
  return depth === 0 ? 1 : [within(depth - 1)];
}

const system = await systemOf("current");
const edge = { clock: realClock, database: plain, stop: neverAborted };
const api = system.startApi(system.createState(seed), edge);
const into = { database: "sample", table: "chunks" };
const customer = `TD1 ${apikeys.cdh4}`;

test("on three thousand chunks", async () => {
  expect(await api.call("table.create", { ...into, type: "log" }, customer)).toMatchObject({ status: 200 });
  const told = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 3 }), fc.nat(1_000), async (records, cut) => {
      const bytes = Buffer.concat(records.map((one) => encode(one, { useBigInt64: true })));
      const content = gzipSync(cut === 0 ? bytes.subarray(0, -1) : bytes).toString("base64");
      const { status } = await api.call("table.import", { ...into, format: "msgpack.gz", content }, customer);
      expect(status).toBe(chunkIn(content).content === null ? 422 : 200);
      told[status === 200 ? "taken" : "refused"] += 1;
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(told.taken, told.refused)).toBeGreaterThan(300);
});
