import { expect, test } from "vitest";
import { anOpenApi, edited, found, ids, reversed } from "./testing/edited.ts";
import { openApiEdits } from "./testing/openapi-edits.ts";

/** Edits of the contracts themselves, as an OpenAPI document: each is found, by its id and its severity. */

test("an OpenAPI document is the same as itself, in whatever order its keys are", () => {
  expect(edited(anOpenApi(), () => {})).toEqual([]);
  expect(edited(anOpenApi(), (at) => at("x").set(undefined))).toEqual([]);
  expect(found(anOpenApi(), reversed(anOpenApi()))).toEqual([]);
});

test.each(openApiEdits)("%s", (_, edit, expected) => {
  expect(ids(edited(anOpenApi(), edit))).toEqual(expected);
});
