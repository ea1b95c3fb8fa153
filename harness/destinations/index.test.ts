import { expect, test } from "vitest";
import { destinationForms } from "../../contracts/destination.ts";
import { destinationKinds, destinationNames } from "./index.ts";

test("the harness knows every type of destination that the contracts know, by the same name", () => {
  expect(destinationNames.toSorted()).toEqual(Object.keys(destinationForms).toSorted());
  for (const name of destinationNames) expect(destinationKinds[name].output.shape.kind.value).toBe(name);
});
