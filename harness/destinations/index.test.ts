import { expect, test } from "vitest";
import { destinationForms } from "../../contracts/destination.ts";
import { destinationKinds, serviceKinds } from "./index.ts";

test("the harness knows every type of destination that the contracts know, by the same name", () => {
  const all = { ...destinationKinds, ...serviceKinds };
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(destinationForms).toSorted());
  for (const [name, { output }] of Object.entries(all)) expect(output.shape.kind.value).toBe(name);
});
