import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secrets } from "../secrets.ts";
import { exchangeEvent } from "../testing/events.ts";
import { finalEvent, runEvent, wholeHistory } from "../testing/whole-history.ts";
import type { ExchangeEvent, HistoryEvent, RunEvent } from "./event.ts";
import { eventSchema } from "./schema.ts";
import { tokeniseEvents } from "./tokenise.ts";

const knowing = (...all: string[]): Secrets => {
  const secrets = new Secrets();
  for (const secret of all) secrets.add(secret);
  return secrets;
};

const exchangeIn = (event: Partial<HistoryEvent & ExchangeEvent>, secrets: Secrets) =>
  tokeniseEvents([exchangeEvent(event)], secrets)[0] as HistoryEvent & ExchangeEvent;

test.each(["hunter2secret", 'qu"ote', "back\\slash", "line\nfeed", "1234", '":"x', "null", "__proto__"])(
  "the secret %j is in no text and no key",
  (secret) => {
    const request = {
      [`key ${secret}`]: [secret, `a ${secret} b`, { deep: secret }],
      other: null,
      number: 7,
    };
    const headers = { request: { authorization: `TD1 ${secret}` }, reply: {} };
    const event = exchangeIn({ request, reply: secret, path: `/x?k=${secret}`, headers }, knowing(secret));
    expect(event).toMatchObject({
      request: {
        "key ***1***": ["***1***", "a ***1*** b", { deep: "***1***" }],
        other: null,
        number: 7,
      },
      reply: "***1***",
      path: "/x?k=***1***",
      headers: { request: { authorization: "TD1 ***1***" }, reply: {} },
    });
  },
);

test("the keys of a user have one token each, where they are listed, told, sent and borne", () => {
  const secrets = knowing();
  const listed = exchangeIn({ reply: { apikeys: ["1/0123abcd", "1/4567abcd"] } }, secrets);
  expect(listed.reply).toEqual({ apikeys: ["***1***", "***2***"] });
  const headers = { request: { authorization: "TD1 1/0123abcd" }, reply: {} };
  const request = { apikey: "1/4567abcd", password: "of the prober" };
  expect(exchangeIn({ headers, request, reply: { apikey: "1/89ab" } }, secrets)).toMatchObject({
    headers: { request: { authorization: "TD1 ***1***" } },
    request: { apikey: "***2***", password: "***3***" },
    reply: { apikey: "***4***" },
  });
});

test("the secret of a bucket has one token, in its order and however it is escaped in the URL that a worker is told", () => {
  const request = { secret_access_key: "s3cr/t+'k" };
  const urls = ["s3cr%2Ft%2B'k", "s3cr%2ft%2b%27k", "s3cr/t+'k"].map(
    (one) => `s3://id:${one}@store.test/rows`,
  );
  const { request: asked, reply } = exchangeIn({ request, reply: { urls } }, knowing());
  expect(asked).toEqual({ secret_access_key: "***1***" });
  const [first, ...others] = (reply as { urls: string[] }).urls;
  expect(first).toBe("s3://id:***1:uri***@store.test/rows");
  expect(others).toEqual(others.map(() => "s3://id:***1***@store.test/rows"));
});

test("an escaped key in a URL has one token, wherever it stands, and is the same key in settings", () => {
  const url = "td://1%2Fhunter2secret@/mart/rows";
  const request = { result: url };
  const reply = { result_url: url, result_settings: { type: "td", apikey: "1/hunter2secret" } };
  for (const secrets of [knowing("1/hunter2secret"), knowing()]) {
    const { request: asked, reply: told } = exchangeIn({ request, reply }, secrets) as {
      request: typeof request;
      reply: typeof reply;
    };
    expect(asked.result).toMatch(/^td:\/\/\*{3}1:\w+\*{3}@\/mart\/rows$/);
    expect(told.result_url).toBe(asked.result);
    expect(told.result_settings.apikey).toBe("***1***");
  }
});

describe("a file that is no text", () => {
  const reply = (bytes: Buffer) => ({ $base64: bytes.toString("base64") });
  const holding = Buffer.concat([Buffer.from([0x91, 0xad]), Buffer.from("hunter2secret")]);

  test("stays as it is, whatever its base64 looks like", () => {
    const file = reply(Buffer.from([0x93, 1, 0xfb]));
    expect(exchangeIn({ reply: file }, knowing("kwH7", "hunter2secret")).reply).toBe(file);
  });

  test.each([
    ["as it is", holding],
    ["packed", gzipSync(holding)],
    ["packed, of which only the beginning is there", gzipSync(holding).subarray(0, -9)],
  ])("is left out, but for its length, where it holds a secret %s", (_, bytes) => {
    expect(exchangeIn({ reply: reply(bytes) }, knowing("hunter2secret")).reply).toEqual({
      $bytes: bytes.length,
    });
  });
});

test("equal secrets stay equal, others and other looks stay others", () => {
  const secrets = knowing("p@ss/1", "other key");
  const reply = ["p@ss/1", "other key", "p%40ss%2F1", "p@ss/1", "other%20key", "other+key"];
  expect(exchangeIn({ reply }, secrets).reply).toEqual([
    "***1***",
    "***2***",
    "***1:uri***",
    "***1***",
    "***2:uri***",
    "***2:form***",
  ]);
});

test("it is in no text, whatever secret and body are", () => {
  const secret = fc.string({ minLength: 4 }).filter((text) => !text.includes("*"));
  fc.assert(
    fc.property(secret, fc.json(), fc.string(), (hidden, body, around) => {
      const request: unknown = [JSON.parse(body), { [hidden]: 1 }];
      const event = exchangeIn({ reply: `${around}${hidden}`, request }, knowing(hidden));
      const texts = textsIn([event.reply, event.request]);
      expect(texts.filter((text) => text.includes(hidden))).toEqual([]);
    }),
  );
});

test("an event without a secret is not copied", () => {
  const events = tokeniseEvents(wholeHistory, knowing("hunter2secret"));
  for (const [i, event] of events.entries()) expect(event).toBe(wholeHistory[i]);
});

describe("the run's own words", () => {
  const small = wholeHistory.map((event) => ("reply" in event ? { ...event, reply: "row" } : event));

  test("are still understood when one of them, or a part of one, is a password", () => {
    const words = [...new Set(textsIn(small))].filter((word) => word.length >= 4);
    expect(words.length).toBeGreaterThan(50);
    for (const secret of words.flatMap((word) => [word, word.slice(0, 4), word.slice(1)])) {
      const events = tokeniseEvents(small, knowing(secret));
      const problems = events.flatMap((event) => eventSchema.safeParse(event).error?.issues ?? []);
      expect({ secret, problems }).toEqual({ secret, problems: [] });
    }
  });

  test("stay as they are in replies too, so that what is equal stays equal", () => {
    const [, reply] = tokeniseEvents(
      [{ seq: 0, at: 0, ...runEvent }, exchangeEvent({ reply: "SELECT id FROM trades" })],
      knowing("trades"),
    );
    expect(reply).toMatchObject({ reply: "SELECT id FROM trades" });
  });

  test("are not the rows, nor the URL of a destination that is wrong on purpose", () => {
    const { web } = runEvent.scenarios as { web: RunEvent["scenarios"][string] };
    const secret = "hunter2secret";
    const scenario = {
      ...web,
      source: { ...web.source, rows: [[1, secret]] },
      output: { kind: "invalid", url: `mysql://a:${secret}@b` } as const,
    };
    const events = tokeniseEvents(
      [
        { seq: 0, at: 0, ...runEvent, scenarios: { web: scenario } },
        { seq: 1, at: 0, ...finalEvent, result: [[1, secret]] },
      ],
      knowing(secret),
    );
    expect(events).toMatchObject([
      {
        scenarios: {
          web: {
            source: { rows: [[1, "***1***"]] },
            output: { kind: "invalid", url: "mysql://a:***1***@b" },
          },
        },
      },
      { result: [[1, "***1***"]] },
    ]);
  });
});

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
