import { expect, test } from "vitest";
import { call, cdh4, hdp2, problems, refusal } from "../../testing/model-calls.ts";
import { samples } from "../../testing/samples.ts";
import type { Fields, ModelCall } from "../call.ts";

/** Users as they are added, listed and removed, and what their keys open. */

const ann = { name: "Ann", email: "ann@example.test", password: "of the prober" };
const shown = (samples["user.list"].reply as { users: Fields[] }).users[0] as Fields;
const add = (at: number, more: Partial<ModelCall> = {}) => call(at, "user.add", ann, { name: "Ann" }, more);
const list = (at: number, users: readonly Fields[], more: Partial<ModelCall> = {}) =>
  call(at, "user.list", {}, { users }, more);
const keys = (at: number, apikeys: readonly string[], name = "Ann") =>
  call(at, "user.apikeys", { name }, { apikeys });
const addKey = (at: number, apikey: string) => call(at, "user.add_apikey", { name: "Ann" }, { apikey });
const removeKey = (at: number, apikey: string, more: Partial<ModelCall> = {}) =>
  call(at, "user.remove_apikey", { name: "Ann", apikey }, { user: "Ann" }, more);
const remove = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "user.remove", { name: "Ann" }, { user: "Ann" }, more);
const login = (at: number, password: string, apikey: string) =>
  call(at, "user.authenticate", { user: ann.email, password }, { name: "Ann", apikey }, { account: null });
const bearing = (at: number, key: string, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "database.list",
    {},
    { databases: [] },
    {
      headers: { request: { authorization: `TD1 ${key}` }, reply: {} },
      ...more,
    },
  );
const unauthenticated = refusal(401, "unauthenticated");
const begun = [list(1_000, []), add(2_000), keys(3_000, ["1/first"])];

test("a user is listed as it was added, with its keys, until it is removed", () => {
  const second = { ...shown, id: 2, name: "Bob", email: "bob@example.test" };
  const all = [...begun, list(4_000, [shown, second]), addKey(5_000, "1/second")];
  expect(problems([...begun, list(4_000, [shown]), addKey(5_000, "1/second")])).toEqual([]);
  expect(problems(all)).toEqual(['"Bob" is in the list although it is not there']);
  expect(problems([...begun, list(4_000, [])])).toEqual(["Ann is not in the list although it is there"]);
  const other = list(4_000, [{ ...shown, email: "other@example.test" }]);
  expect(problems([...begun, other])).toEqual([expect.stringMatching(/^of "Ann" in the list: email: /)]);
  expect(problems([...begun, list(4_000, [shown]), list(5_000, [{ ...shown, id: 7 }])])).toEqual([
    'of "Ann" in the list: id: expected 1, got 7',
  ]);
  expect(problems([...begun, remove(4_000), list(5_000, [])])).toEqual([]);
  expect(problems([...begun, remove(4_000), remove(5_000)])).toEqual([
    "it was answered although there is no such user",
  ]);
  expect(problems([...begun, remove(4_000, refusal(404, "not_found"))])).toEqual([
    "it was not found although it is there",
  ]);
});

test("a name and an email are had once in an account, and again when they are free", () => {
  const taken = refusal(409, "already_exists");
  expect(problems([...begun, add(4_000, taken), remove(5_000), add(6_000)])).toEqual([]);
  expect(problems([...begun, add(4_000)])).toEqual([
    "it was added although there is one of that name or email",
  ]);
  expect(problems([list(1_000, []), add(2_000, taken)])).toEqual([
    "it was refused (already_exists) although there is none of its kind",
  ]);
  expect(problems([...begun, add(4_000, { account: hdp2 })])).toEqual([]);
});

test("keys are those that were added and not removed, in order, each another", () => {
  const wrong = "the keys are not those that the user has, in the order in which they were added";
  const two = [...begun, addKey(4_000, "1/second")];
  expect(problems([...two, keys(5_000, ["1/first", "1/second"])])).toEqual([]);
  expect(problems([...two, keys(5_000, ["1/second", "1/first"])])).toEqual([wrong]);
  expect(problems([...two, keys(5_000, ["1/second"])])).toEqual([wrong]);
  expect(problems([...two, removeKey(5_000, "1/first"), keys(6_000, ["1/second"])])).toEqual([]);
  expect(problems([...two, removeKey(5_000, "1/first"), keys(6_000, ["1/first", "1/second"])])).toEqual([
    wrong,
  ]);
  expect(problems([...two, removeKey(5_000, "1/none")])).toEqual([
    "a key was removed that is none of the user's",
  ]);
  expect(problems([...begun, addKey(4_000, "1/first")])).toEqual(["a new key is one that was told before"]);
});

test("a key opens its account until it is removed, or its user", () => {
  const known = begun;
  expect(problems([...known, bearing(4_000, "1/first")])).toEqual([]);
  expect(problems([...known, bearing(4_000, "1/first", unauthenticated)])).toEqual([
    "it was refused to a key of a user",
  ]);
  for (const end of [removeKey(4_000, "1/first"), remove(4_000)]) {
    expect(problems([...known, end, bearing(5_000, "1/first", unauthenticated)])).toEqual([]);
    expect(problems([...known, end, bearing(5_000, "1/first")])).toEqual([
      "it was answered to a key that had been removed",
    ]);
  }
});

test("of a removal that nobody heard of, or that is under way, either is right", () => {
  const unheard = { status: null, reply: undefined };
  for (const more of [{}, unauthenticated]) {
    expect(
      problems([...begun, removeKey(4_000, "1/first", unheard), bearing(5_000, "1/first", more)]),
    ).toEqual([]);
    const beside = { by: "other", sent: 3_500, returned: 4_500 };
    expect(
      problems([...begun, removeKey(4_000, "1/first", beside), bearing(4_000, "1/first", more)]),
    ).toEqual([]);
  }
  expect(problems([...begun, add(4_000, unheard), list(5_000, [])])).toEqual([]);
});

test("a user's key changes what its account may change, also itself", () => {
  const headers = { request: { authorization: "TD1 1/first" }, reply: {} };
  const gone = [...begun, removeKey(4_000, "1/first", { headers })];
  expect(problems([...gone, keys(5_000, [])])).toEqual([]);
  expect(problems([...gone, bearing(5_000, "1/first")])).toEqual([
    "it was answered to a key that had been removed",
  ]);
});

test("a login is answered with the oldest key of the user whose password it is", () => {
  const { password } = ann;
  const two = [...begun, addKey(4_000, "1/second")];
  expect(problems([...two, login(5_000, password, "1/first")])).toEqual([]);
  expect(problems([...two, login(5_000, password, "1/second")])).toEqual([
    "it was not answered with the user's oldest key",
  ]);
  expect(problems([...two, login(5_000, "of another", "1/first")])).toEqual([
    "it was answered to a password that is none of the user's",
  ]);
  const refused = { ...login(5_000, password, ""), ...refusal(400, "wrong_password") };
  expect(problems([...two, refused])).toEqual(["it was refused although it is the password of the user"]);
  const keyless = [...begun, removeKey(4_000, "1/first")];
  expect(problems([...keyless, refused])).toEqual([]);
  expect(problems([...keyless, login(5_000, password, "1/none")])).toEqual([
    "it was answered although the user has no key",
  ]);
});

test("a login is that of the email alone, and not of a name or another case", () => {
  const { password, name, email } = ann;
  for (const user of [name, email.toUpperCase()]) {
    const other = { ...login(5_000, password, "1/first"), request: { user, password } };
    expect(problems([...begun, other])).toEqual(["it was answered with the key of a user of another email"]);
  }
});

test("no answer holds the password or the key of its request", () => {
  const told = refusal(409, "already_exists");
  const text = `${ann.password} is taken`;
  const body = { ...(told.reply as object), text };
  expect(problems([...begun, add(4_000, { ...told, reply: body })])).toEqual([
    "its answer holds a secret of the request",
  ]);
});

test("what is not well-formed is not taken", () => {
  const wrong = { ...add(2_000), request: { ...ann, email: "nowhere" } };
  expect(problems([wrong])).toEqual(["it was taken although it is not well-formed"]);
  expect(problems([{ ...wrong, ...refusal(422, "invalid_input") }])).toEqual([]);
  expect(problems([add(2_000, { account: cdh4, ...refusal(422, "invalid_input") })])).toEqual([
    "it was refused (invalid_input) although it is well-formed",
  ]);
});
