import { expect, test } from "vitest";
import { destinationForms, parseDestination } from "../../contracts/destination.ts";
import { destinationKinds, destinationNames } from "./index.ts";

test("the harness knows every type of destination that the contracts know, by the same name", () => {
  expect(destinationNames.toSorted()).toEqual(Object.keys(destinationForms).toSorted());
  for (const name of destinationNames) expect(destinationKinds[name].output.shape.kind.value).toBe(name);
});

test("a simulated URL reads as the type of its kind", () => {
  const outputs = { web: { kind: "web" }, mysql: { kind: "mysql", mode: "append" } } as const;
  for (const name of destinationNames) {
    const parsed = parseDestination(destinationKinds[name].simulatedUrl(outputs[name] as never, "effect_1"));
    expect(parsed).toMatchObject({ ok: true, settings: { type: name } });
  }
});
