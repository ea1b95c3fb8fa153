import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesOf } from "../../contracts/file-body.ts";
import { gatherAll } from "../../harness/gate/gather.ts";
import { merge } from "../../harness/gate/merge.ts";
import type { ExchangeEvent } from "../../harness/history/event.ts";
import { type ToldMatrix, toldMatrix, withExchanges } from "../trust/told-matrix.ts";
import { askGate, type Kept, keep } from "./evidence-on-disk.ts";

/** A run of which not all could be judged shows nothing green; what broke in it counts all the same. */

const scenario = "no-output";
let root: string;
let told: ToldMatrix;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-unjudged-"));
  told = await toldMatrix((cell) => cell.scenario.name === scenario);
});
afterAll(() => rm(root, { recursive: true }));

const isResult = ({ operation, status }: ExchangeEvent): boolean =>
  operation === "job.result" && status === 200;

/** A result that was too large to be kept: of that no more than its length is known. */
const withheld = (exchange: ExchangeEvent): ExchangeEvent => ({
  ...exchange,
  reply: { $bytes: bytesOf(exchange.reply)?.length ?? 0 },
});

/** With one result that was not kept. */
function withoutOneResult(matrix: ToldMatrix): ToldMatrix {
  const first = matrix.events.find((event) => event.kind === "exchange" && isResult(event));
  return withExchanges(matrix, (exchange) => (exchange === first ? withheld(exchange) : exchange));
}

const keptIn = async (matrix: ToldMatrix): Promise<{ place: string; run: Kept }> => {
  const place = await mkdtemp(join(root, "store-"));
  return { place, run: await keep(matrix, place) };
};

const proofsIn = async (place: string) => (await gatherAll([place], { keys: [], note: () => {} })).proofs;

test("none of its cells is shown, and the reason is told", async () => {
  const whole = await keptIn(told);
  const cut = await keptIn(withoutOneResult(told));
  const ask = ({ place, run }: typeof whole) => askGate(place, run, { scenarios: [scenario] });
  const [all, none] = [await ask(whole), await ask(cut)];
  expect(all.shown).toBeGreaterThan(0);
  expect(none).toMatchObject({ decision: "NO-GO", shown: 0, green: [] });
  expect(none.findings.map(({ what }) => what).join("\n")).toContain(
    "1 of its exchanges could not be judged",
  );
});

test("it adds to no matrix that several runs make up", async () => {
  const { place } = await keptIn(withoutOneResult(told));
  const [proof] = await proofsIn(place);
  expect(proof).toMatchObject({ part: null, unfit: "1 of its exchanges could not be judged" });
  expect(merge(await proofsIn(place), []).verdict).not.toBe("pass");
});

test("what broke in it speaks against the candidate", async () => {
  const red = withExchanges(withoutOneResult(told), (exchange) =>
    exchange.operation === "job.issue" && exchange.status === 200
      ? { ...exchange, reply: { ...Object(exchange.reply), database: "another" } }
      : exchange,
  );
  const { place, run } = await keptIn(red);
  const decision = await askGate(place, run, { scenarios: [scenario] });
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 1 });
  expect(decision.findings.map(({ verdict }) => verdict)).toContain("violation");
});
