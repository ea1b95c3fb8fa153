import { expect, test } from "vitest";
import type { ApiProcess } from "../../contracts/in-process.ts";
import type { FuzzCall } from "./calls.ts";
import { fuzz } from "./fuzz.ts";

/** Each check of the fuzzer on an API that answers as it is told. */

const operation: FuzzCall["operation"] = {
  id: "thing.show",
  method: "POST",
  path: "/things/{name}",
  parameters: [{ in: "path", name: "name", required: true, schema: { type: "string" } }],
  responses: {
    200: { content: { "application/json": {} } },
    404: { content: { "application/json": {} } },
    500: { content: { "application/json": {} } },
  },
  scheme: "customer",
};
const usual: FuzzCall = {
  operation,
  authorization: "TD1 key",
  parameters: { name: { made: "made", nth: null } },
  body: { size: { made: 1, nth: null } },
  bytes: null,
  wrong: null,
};

const apiOf = (answer: (request: Request) => Response): ApiProcess => ({
  call: () => Promise.reject(new Error("the fuzzer speaks HTTP")),
  fetch: (request) => Promise.resolve(answer(request)),
  ended: new Promise(() => {}),
});

/** A document that allows `{"ok":true}` as a body of replies, and numbers as size of requests. */
const allows =
  (...place: readonly string[]) =>
  (value: unknown): boolean =>
    place.includes("responses")
      ? JSON.stringify(value) === '{"ok":true}'
      : typeof (value as { size: unknown }).size === "number";

test.each<[string, () => Response, Partial<FuzzCall>, string[]]>([
  ["as documented", () => Response.json({ ok: true }), {}, []],
  ["a refusal as documented", () => Response.json({ ok: true }, { status: 404 }), {}, []],
  [
    "a status that is not documented",
    () => Response.json({}, { status: 418 }),
    {},
    ["status 418, which the document does not have"],
  ],
  ["a server error", () => Response.json({ ok: true }, { status: 500 }), {}, ["a server error, 500"]],
  [
    "another media type",
    () => new Response("ok", { headers: { "content-type": "text/plain" } }),
    {},
    ["200 as text/plain, which the document does not have"],
  ],
  [
    "no JSON",
    () => new Response("{", { headers: { "content-type": "application/json" } }),
    {},
    ["200: no JSON"],
  ],
  ["another body", () => Response.json({ ok: 1 }), {}, ["200: a body that the document does not allow"]],
  [
    "without a credential",
    () => Response.json({ ok: true }),
    { authorization: null },
    ["answers without a credential"],
  ],
  [
    "input that is forbidden",
    () => Response.json({ ok: true }),
    { wrong: { at: 0, value: "large" } },
    ["takes what the document forbids"],
  ],
  [
    "input that is forbidden is refused",
    () => Response.json({ ok: true }, { status: 404 }),
    { wrong: { at: 0, value: "large" } },
    [],
  ],
])("%s", async (_, answer, more, expected) => {
  const { findings } = await fuzz(apiOf(answer), [{ ...usual, ...more }], allows);
  expect([...findings]).toEqual(expected.map((problem) => `thing.show: ${problem}`));
});

test("a value that a reply told is asked for under its name", async () => {
  const asked: string[] = [];
  const api = apiOf(({ url }) => {
    asked.push(new URL(url).pathname);
    return Response.json({ ok: true, inner: [{ name: "told" }] });
  });
  const again: FuzzCall = { ...usual, parameters: { name: { made: "made", nth: 1 } } };
  await fuzz(api, [usual, again], () => () => true);
  expect(asked).toEqual(["/things/made", "/things/told"]);
});
