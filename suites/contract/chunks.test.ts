import { gzipSync } from "node:zlib";
import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkIn } from "../../contracts/model/streams/chunk.ts";
import { type ChunkSummary, readChunk } from "../../fixtures/api/rules/chunk.ts";

/** The model and the reference API read chunks each by itself: they agree on what is one, and on what is in it. */

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

function readByApi(packed: Uint8Array): ChunkSummary | null {
  try {
    return readChunk(packed);
  } catch {
    return null;
  }
}

test("on ten thousand chunks", () => {
  const told = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(record, { maxLength: 3 }), fc.nat(1_000), (records, cut) => {
      const bytes = Buffer.concat(records.map((one) => encode(one, { useBigInt64: true })));
      const packed = gzipSync(cut === 0 ? bytes.subarray(0, -1) : bytes);
      const byModel = chunkIn(packed.toString("base64")).content;
      const byApi = readByApi(packed);
      told[byApi === null ? "refused" : "taken"] += 1;
      const kinds = [...(byModel?.columns ?? [])].filter(([, kind]) => kind !== "none");
      expect(
        byApi && { columns: new Map(byApi.columns), rows: byApi.rowCount, last: byApi.lastLogTime },
      ).toEqual(
        byModel && {
          columns: new Map(kinds),
          rows: byModel.records,
          last: byModel.last === null ? null : byModel.last * 1000,
        },
      );
    }),
    { numRuns: 10_000 },
  );
  expect(Math.min(told.taken, told.refused)).toBeGreaterThan(1_000);
});
