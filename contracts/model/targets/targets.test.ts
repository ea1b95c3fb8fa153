import { expect, test } from "vitest";
import { call, hdp2, problems, refusal } from "../../testing/model-calls.ts";
import type { ModelCall } from "../call.ts";

const url = "mysql://user:a-long-secret@db.test/mart";
const hidden = "mysql://***@db.test/mart";
const told = { result: "mart" };
const make = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "result.create", { name: "mart", url }, told, more);
const remove = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "result.delete", { name: "mart" }, told, more);
const list = (at: number, ...names: string[]) => listed(at, ...names.map((name) => ({ name, url: hidden })));
const listed = (at: number, ...rows: { name: string; url: string }[]) =>
  call(at, "result.list", {}, { results: rows.map((row) => ({ ...row, organization: "" })) });
const taken = refusal(409, "already_exists");
const missing = refusal(404, "not_found");
const lost = { status: null, reply: undefined, excused: true };
const theirs = { account: hdp2 };

test.each<[string, ModelCall[]]>([
  [
    "made, listed, deleted, made again",
    [make(1_000), list(2_000, "mart"), remove(3_000), list(4_000), make(5_000), list(6_000, "mart")],
  ],
  ["a second one of the name is refused", [make(1_000), make(2_000, taken), list(3_000, "mart")]],
  ["what is gone is not there", [make(1_000), remove(2_000), remove(3_000, missing)]],
  ["what was there before nobody knows", [make(1_000, taken), list(2_000, "mart", "other"), remove(3_000)]],
  ["nobody heard whether it was made", [list(500), make(1_000, lost), list(2_000), list(3_000, "mart")]],
  [
    "nobody heard whether it was deleted",
    [make(1_000), remove(2_000, lost), list(3_000, "mart"), list(4_000)],
  ],
  [
    "a look meanwhile",
    [list(500), make(1_010, { sent: 900 }), call(1_000, "result.list", {}, { results: [] }, { sent: 950 })],
  ],
  [
    "two customers",
    [list(500), make(1_000), make(2_000, theirs), remove(3_000, theirs), list(4_000, "mart")],
  ],
])("%s", (_, calls) => {
  expect(problems(calls)).toEqual([]);
});

test.each<[string, ModelCall[], string]>([
  ["taken twice", [make(1_000), make(2_000)], "it was taken although there is a target mart already"],
  [
    "refused for nothing",
    [list(1_000), make(2_000, taken)],
    "it was refused (already_exists) although there is no target mart",
  ],
  [
    "deleted twice",
    [make(1_000), remove(2_000), remove(3_000)],
    "it was taken although there is no target mart",
  ],
  [
    "lost",
    [make(1_000), remove(2_000, missing)],
    "it was refused (not_found) although there is a target mart",
  ],
  ["left out", [make(1_000), list(2_000)], "the target mart is left out"],
  [
    "listed after its end",
    [make(1_000), remove(2_000), list(3_000, "mart")],
    "mart is listed although there is no such target",
  ],
  ["listed twice", [make(1_000), list(2_000, "mart", "mart")], "results: one of them is listed twice"],
  [
    "come from nowhere",
    [list(1_000), list(2_000, "mart")],
    "mart is listed although there is no such target",
  ],
  [
    "told by another name",
    [make(1_000, { reply: { result: "other" } })],
    'result: expected "mart", got "other"',
  ],
  [
    "shown in clear",
    [make(1_000), listed(2_000, { name: "mart", url })],
    `url of mart: expected "${hidden}", got "${url}"`,
  ],
  [
    "of another one",
    [make(1_000), listed(2_000, { name: "mart", url: "web://x" })],
    `url of mart: expected "${hidden}", got "web://x"`,
  ],
  [
    "gone with another customer's",
    [make(1_000), remove(2_000, theirs), list(3_000)],
    "the target mart is left out",
  ],
  [
    "refused though well-formed",
    [make(1_000, refusal(422, "invalid_input"))],
    "it was refused (invalid_input) although it is well-formed",
  ],
])("wrong: %s", (_, calls, problem) => {
  expect(problems(calls)).toEqual([problem]);
});

test("no refusal repeats the password of a target", () => {
  const reply = { ...(refusal(409, "already_exists").reply as object), text: `taken: ${url}` };
  expect(problems([make(1_000), make(2_000, { ...taken, reply })])).toEqual([
    "it was refused in words that hold the password of a destination",
  ]);
});
