import { expect, test } from "vitest";
import { changesBetween, placedIn, type Survey, type Thing } from "./world.ts";

const thing = (mark: string): Thing => ({ what: "table", mark, content: { rows: mark.length } });
const survey = (things: Record<string, string>): Survey =>
  new Map(Object.entries(things).map(([place, mark]) => [place, thing(mark)]));
const owners = new Map([["b", { job: 2, what: "destination" as const }]]);

test("what came, went or is otherwise is a change, with the job whose place it is", () => {
  const changes = changesBetween(
    survey({ a: "1", b: "1", c: "1" }),
    survey({ a: "1", b: "22", d: "333" }),
    owners,
  );
  expect(changes).toEqual([
    { place: "b", what: "destination", job: 2, before: { rows: 1 }, after: { rows: 2 } },
    { place: "c", what: "table", job: null, before: { rows: 1 }, after: null },
    { place: "d", what: "table", job: null, before: null, after: { rows: 3 } },
  ]);
});

test("what is as it was is none, whoever might have changed it", () => {
  expect(changesBetween(survey({ a: "1", b: "1" }), survey({ b: "1", a: "1" }), owners)).toEqual([]);
});

test("places say where they are", () => {
  expect([...placedIn("warehouse", survey({ a: "1" })).keys()]).toEqual(["warehouse a"]);
});
