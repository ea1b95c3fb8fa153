import { expect, test } from "vitest";
import { exchangeEvent } from "../testing/events.ts";
import type { ExchangeEvent } from "./event.ts";
import { Witness } from "./witness.ts";

const call = (by: string, seq = 0) => exchangeEvent({ by, seq });
const isOf =
  (name: string) =>
  ({ by }: ExchangeEvent): boolean =>
    by === name;
const never = new AbortController().signal;

function witnessOf(...events: ExchangeEvent[]): Witness {
  const witness = new Witness();
  for (const event of events) witness.record(event);
  return witness;
}

test("the first that has come already is found", async () => {
  const witness = witnessOf(call("web", 1), call("api", 2), call("api", 3));
  expect(await witness.first(isOf("api"), never)).toMatchObject({ seq: 2 });
});

test("the first that is yet to come is found, and no later one", async () => {
  const witness = witnessOf(call("web", 1));
  const found = witness.first(isOf("api"), never);
  for (const seq of [2, 3]) witness.record(call("api", seq));
  expect(await found).toMatchObject({ seq: 2 });
});

test("several can wait for different exchanges", async () => {
  const witness = witnessOf();
  const both = Promise.all(["a", "b"].map((name) => witness.first(isOf(name), never)));
  witness.record(call("b", 1));
  witness.record(call("a", 2));
  expect(await both).toMatchObject([{ seq: 2 }, { seq: 1 }]);
});

test("waiting ends with the reason when it is aborted, before or meanwhile", async () => {
  const witness = witnessOf();
  const reason = new Error("enough");
  await expect(witness.first(isOf("api"), AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = witness.first(isOf("api"), controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  witness.record(call("api", 1));
  expect(await witness.first(isOf("api"), AbortSignal.abort(reason))).toMatchObject({ seq: 1 });
});

test("what came after a moment is told apart", () => {
  const witness = witnessOf(call("web", 1));
  const { count } = witness;
  witness.record(call("api", 2));
  expect(witness.after(count)).toMatchObject([{ seq: 2 }]);
});
