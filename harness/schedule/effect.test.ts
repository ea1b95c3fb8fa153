import { expect, test } from "vitest";
import { type Carriers, carryOut, type EffectName, isBeyond } from "./effect.ts";

const carriers: Carriers<string, string> = {
  end: ({ how }, who) => `${who}: ${how}`,
  answer: "beyond",
  hold: () => "",
  stall: () => "",
  repeat: () => "",
  refuse: () => "",
  kill: () => "",
  pause: () => "",
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
  // @ts-expect-error: `cancel` is missing
  const lacking: Carriers<string, string> = Object.fromEntries(
    Object.entries(carriers).filter(([name]) => name !== "cancel"),
  ) as { [D in Exclude<EffectName, "cancel">]: "beyond" };
  expect(lacking.cancel).toBeUndefined();
});
