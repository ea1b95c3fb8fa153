import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

test("so many are under way at once, and results keep the items' order", async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = sideBySide([0, 1, 2], 2, async (item) => {
    begun.push(item);
    await gates[item]?.promise;
    return `done ${item}`;
  });
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  gates[2]?.resolve();
  gates[0]?.resolve();
  expect(await all).toEqual(["done 0", "done 1", "done 2"]);
});

test("when one fails none is begun any more, and those under way come to their end first", async () => {
  const slow = Promise.withResolvers<void>();
  const ended: string[] = [];
  const all = sideBySide(["fails", "slow", "never"], 2, async (item) => {
    if (item === "fails") throw new Error("failed");
    await slow.promise;
    ended.push(item);
  });
  slow.resolve();
  await expect(all).rejects.toThrow("failed");
  expect(ended).toEqual(["slow"]);
});
