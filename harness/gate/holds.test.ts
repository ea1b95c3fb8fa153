import { describe, expect, test } from "vitest";
import { gateReport } from "../report/gate.ts";
import { sha256 } from "../secrets.ts";
import { decide } from "./decide.ts";
import { type Decided, type Held, holds, parseDecided } from "./holds.ts";
import type { Override } from "./policy.ts";
import type { Question } from "./question.ts";
import { at, buildOf, candidate, deployed, hourMs, now, questionWith, red } from "./testing/question.ts";

/** What was decided is held against what is deployed: any other builds, list or time is 2. */

const nameOf = (mark: string): string => sha256(mark);
/** Digests as the files must have them. */
const hex = (build: typeof candidate) => ({ ...build, digest: nameOf(build.digest ?? "") });
const digest = sha256("the list of what is live");

const override: Override = {
  builds: [candidate.digest as string],
  owner: "mika",
  reason: "the site is down without it",
  issued: at(-1),
  expires: at(24),
};

/** What `gate --json` prints of this question. */
function printed(more: Partial<Question> = {}): Record<string, unknown> {
  const question = questionWith(more);
  const asked = { candidate: question.candidate.map(hex), deployed: digest, decidedAt: now, further: [] };
  const { data } = gateReport(decide(question), asked);
  const told = JSON.parse(JSON.stringify(data)) as { override: { by?: Override } | null };
  const { by } = told.override ?? {};
  return by === undefined
    ? { ...told }
    : { ...told, override: { by: { ...by, builds: by.builds.map(nameOf) } } };
}

const decided = (text: unknown): Decided => parseDecided(JSON.stringify(text), "GO.json");
const held = (text: unknown, more: Partial<Held> = {}) =>
  holds({
    now: now + hourMs,
    decided: decided(text),
    candidate: [hex(candidate)],
    deployed,
    deployedDigest: digest,
    ...more,
  });

test("GO holds for the same builds and the same list until its end", () => {
  const go = printed();
  expect(held(go)).toMatchObject({ exit: 0, said: "GO holds until 2026-11-27T11:00:00.000Z" });
  const end = Date.parse(String(go["validUntil"]));
  expect(held(go, { now: end - 1 }).exit).toBe(0);
  expect(held(go, { now: end })).toMatchObject({ exit: 2, said: expect.stringContaining("it held until") });
});

describe("GO does not hold for", () => {
  const others: Record<string, [more: Partial<Held>, said: string]> = {
    "a day that is over": [{ now: now + 48 * hourMs }, "it held until"],
    "another candidate": [{ candidate: [hex(buildOf("api", "a3", "next"))] }, "it was not asked about api"],
    "the same under another digest, though the image is the same": [
      { candidate: [{ ...hex(candidate), digest: nameOf("another") }] },
      "it was not asked about api",
    ],
    "the same without its image": [{ candidate: [{ ...hex(candidate), image: null }] }, "it was not asked"],
    "a worker besides": [
      { candidate: [hex(candidate), hex(buildOf("worker-v5", "b9"))] },
      "it was not asked about worker-v5",
    ],
    "another list": [{ deployedDigest: sha256("another") }, "what is live is listed otherwise"],
    "a clock that is behind": [{ now: now - hourMs }, "it was decided in the future"],
  };
  test.each(Object.entries(others))("%s", (_, [more, said]) => {
    expect(held(printed(), more)).toMatchObject({ exit: 2, said: expect.stringContaining(said) });
  });

  test("one of two builds that it was asked about", () => {
    const two = { ...printed(), candidate: [hex(candidate), hex(buildOf("worker-v5", "b9"))] };
    expect(held(two)).toMatchObject({ exit: 2, said: expect.stringContaining("about worker-v5") });
  });
});

test("NO-GO never holds", () => {
  expect(held(printed({ proofs: [red] }))).toMatchObject({ exit: 2, said: "the gate has said NO-GO" });
  expect(held(printed({ proofs: [] })).exit).toBe(2);
});

describe("an override", () => {
  const overridden = () => printed({ proofs: [red], overrides: [override] });

  test("is 4 until its end, and never 0", () => {
    expect(held(overridden())).toMatchObject({ exit: 4, said: expect.stringContaining("mika answers") });
    expect(held(overridden(), { now: now + 24 * hourMs - 1 }).exit).toBe(4);
    expect(held(overridden(), { now: now + 24 * hourMs })).toMatchObject({ exit: 2 });
  });

  test("is of the same builds and the same list", () => {
    expect(held(overridden(), { deployedDigest: sha256("another") }).exit).toBe(2);
    expect(held(overridden(), { candidate: [hex(buildOf("api", "a3"))] }).exit).toBe(2);
  });

  test.each([
    ["made GO", { decision: "GO", validUntil: at(12) }],
    ["made GO with its exit", { decision: "GO", exit: 0, validUntil: at(12) }],
    ["of nobody", { override: null }],
    ["that was refused", { override: { refused: "it was renewed" } }],
    ["with another exit", { exit: 0 }],
    ["of nothing", { findings: [] }],
    [
      "made longer than a week",
      { override: { by: { ...override, builds: [nameOf("a")], expires: at(24 * 30) } } },
    ],
  ])("%s by hand is 2", (_, more) => {
    const { exit, said } = held({ ...overridden(), ...more });
    expect({ exit, said }).toEqual({
      exit: 2,
      said: expect.stringContaining("not as a gate writes it"),
    });
  });
});

describe("a GO that was changed by hand where the file itself shows it", () => {
  test.each([
    ["from NO-GO, findings and all", { ...printed({ proofs: [red] }), decision: "GO", exit: 0 }],
    ["from NO-GO alone", { ...printed({ proofs: [red] }), decision: "GO" }],
    ["to hold longer than its policy allows", { ...printed(), validUntil: at(25) }],
    ["to hold without an end", { ...printed(), validUntil: null }],
    [
      "to be decided later, past the age of its list",
      { ...printed(), decidedAt: at(0.9), validUntil: at(24) },
    ],
    ["to be decided before its list", { ...printed(), decidedAt: at(-2), validUntil: at(3) }],
    ["to be decided tomorrow", { ...printed(), decidedAt: at(24), validUntil: at(48) }],
    ["to require nothing", { ...printed(), required: 0 }],
  ])("%s", (_, text) => {
    const { exit, said } = held(text);
    expect({ exit, said }).toEqual({ exit: 2, said: expect.stringContaining("not as a gate writes it") });
  });

  test("another list and another end: the list is held against the one that is live", () => {
    expect(held({ ...printed(), deployed: sha256("older"), validUntil: at(900) }).exit).toBe(2);
  });
});

/** Who may write the file may write what a gate would have written: it must lie where nobody else can write. */
test("a whole GO that was made up is not seen", () => {
  const madeUp = { decision: "GO", exit: 0, findings: [], override: null, validUntil: at(12) };
  expect(held({ ...printed({ proofs: [red] }), ...madeUp }).exit).toBe(0);
});

describe("what is no decision is refused", () => {
  const whole = JSON.stringify(printed());
  test.each([
    ["nothing", "", "expected JSON"],
    ["half of one", whole.slice(0, whole.length / 2), "expected JSON"],
    ["a list", "[]", "expected object"],
    ["what an older gate wrote", JSON.stringify({ ...printed(), deployed: undefined }), "deployed: "],
    ["one of no day", JSON.stringify({ ...printed(), validUntil: "tomorrow" }), "validUntil: "],
    ["another word", JSON.stringify({ ...printed(), decision: "YES" }), "decision: "],
    ["one that says two things", `{"decision":"NO-GO",${whole.slice(1)}`, '"decision" stands twice'],
    ["a gate that came to no verdict", '{"verdict":"infrastructure","message":"it broke off"}', "decision: "],
  ])("%s", (_, text, said) => {
    expect(() => parseDecided(text, "GO.json")).toThrow(said);
  });
});
