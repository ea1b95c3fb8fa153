import { describe, expect, test } from "vitest";
import { componentLabel } from "./owner.ts";
import { Pauses } from "./pauses.ts";

const paused = {
  Action: "pause",
  id: "0123456789abcdef",
  Actor: { Attributes: { [componentLabel]: "worker-v5" } },
};
const from = (how: string) => ({ component: "worker-v5", how });

describe("a container that stands still", () => {
  test("was paused from outside, unless the run has asked for it", () => {
    const pauses = new Pauses();
    expect(pauses.outsider(paused)).toEqual(from("it was paused from outside"));
    pauses.ask(paused.id);
    expect(pauses.outsider(paused)).toBeNull();
    expect(pauses.outsider(paused)).toEqual(from("it was paused from outside"));
  });

  test("was not paused by the run where the engine could not do it", () => {
    const pauses = new Pauses();
    pauses.ask(paused.id);
    pauses.takeBack(paused.id);
    expect(pauses.outsider(paused)).not.toBeNull();
  });

  test("of another container is not the one that the run has asked for", () => {
    const pauses = new Pauses();
    pauses.ask("another");
    expect(pauses.outsider(paused)).not.toBeNull();
  });

  test.each([
    ["19", from("it was stopped from outside by a signal")],
    ["9", null],
  ])("signal %s", (signal, outsider) => {
    const Attributes = { ...paused.Actor.Attributes, signal };
    expect(new Pauses().outsider({ ...paused, Action: "kill", Actor: { Attributes } })).toEqual(outsider);
  });

  test("without a label is told by its id", () => {
    expect(new Pauses().outsider({ Action: "pause", id: paused.id })?.component).toBe("0123456789ab");
  });
});
