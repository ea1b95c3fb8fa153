import { expect, expectTypeOf, test } from "vitest";
import { type Carriers, carryOut, type EffectName, isBeyond } from "./effect.ts";

const carriers: Carriers<string, string> = {
  end: ({ how }, who) => `${who}: ${how}`,
  answer: "beyond",
  hold: () => "",
  stall: () => "",
  repeat: () => "",
  refuse: () => "",
  deny: () => "",
  fill: () => "",
  kill: () => "",
  pause: () => "",
  stop: () => "",
  surge: () => "",
  skew: () => "",
  set: () => "",
  share: () => "",
  overtake: () => "",
  cancel: () => "",
};

test("an effect is carried out by what the rig has for it", () => {
  expect(carryOut(carriers, { does: "end", how: "truncated" }, "it")).toBe("it: truncated");
});

test("what a rig cannot do is known beforehand, and refused", () => {
  const answer = { does: "answer", status: 503 } as const;
  expect(isBeyond(carriers, answer)).toBe(true);
  expect(isBeyond(carriers, { does: "repeat" })).toBe(false);
  expect(() => carryOut(carriers, answer, "it")).toThrow("this rig cannot answer");
});

test("a rig that has no answer for an effect does not compile", () => {
  type Lacking = { [D in Exclude<EffectName, "cancel">]: "beyond" };
  expectTypeOf<Lacking & { cancel: "beyond" }>().toExtend<Carriers<string, string>>();
  expectTypeOf<Lacking>().not.toExtend<Carriers<string, string>>();
});
