import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { Secrets } from "../secrets.ts";
import { exchangeEvent } from "../testing/events.ts";
import type { EventBody, HistoryEvent } from "./event.ts";
import { Recorder } from "./recorder.ts";

const plain = (text: string): string => text;

function recorderIn(redact: (text: string) => string = plain, now: () => number = () => 0) {
  const folder = mkdtempSync(join(tmpdir(), "recorder-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "history.jsonl");
  const recorder = new Recorder(file, { id: "run-1", api: "current" }, redact, now);
  const read = async (): Promise<unknown[]> => {
    await recorder.close();
    const lines = readFileSync(file, "utf8").split("\n");
    expect(lines.pop()).toBe("");
    return lines.map((line) => JSON.parse(line));
  };
  return { recorder, read };
}

const ready = (component: string): EventBody => ({ kind: "component", component, what: "ready", detail: "" });
const isReady =
  (component: string) =>
  (event: HistoryEvent): boolean =>
    event.kind === "component" && event.component === component;
const never = new AbortController().signal;

describe("what is recorded", () => {
  test("can be read back from the file as it stands in memory", async () => {
    const times = [1000, 1000, 1250, 4000];
    const { recorder, read } = recorderIn(plain, () => times.shift() ?? 0);
    recorder.record(ready("api"));
    const { seq: _, at: __, ...exchange } = exchangeEvent({ request: undefined });
    recorder.record(exchange);
    const events = recorder.events;
    expect(events.map(({ seq, at, kind }) => [seq, at, kind])).toEqual([
      [0, 0, "run"],
      [1, 250, "component"],
      [2, 3000, "exchange"],
    ]);
    expect(events[0]).toMatchObject({ version: 1, id: "run-1", api: "current" });
    expect(await read()).toEqual(events);
  });

  test("is whole when the file is closed, however much it is", async () => {
    const { recorder, read } = recorderIn();
    for (let i = 0; i < 2000; i += 1) recorder.record(ready(`part-${i} ${"x".repeat(100)}`));
    expect(await read()).toHaveLength(2001);
  });
});

describe("a secret", () => {
  test.each(["hunter2secret", 'qu"ote', "back\\slash", "line\nfeed", "1234", '":"x', "null"])(
    "such as %j is in no text and no key, in the file or in memory",
    async (secret) => {
      const secrets = new Secrets();
      secrets.add(secret);
      const { recorder, read } = recorderIn(secrets.redact);
      const body = { [`key ${secret}`]: [secret, `a ${secret} b`, { deep: secret }], other: null, number: 7 };
      recorder.record({ ...exchangeEvent({ request: body, reply: secret }), path: `/x?k=${secret}` });
      const hidden = { "key ***": ["***", "a *** b", { deep: "***" }], other: null, number: 7 };
      expect(recorder.events[1]).toMatchObject({ request: hidden, reply: "***", path: "/x?k=***" });
      expect(await read()).toEqual(recorder.events);
    },
  );

  test("is in no text, whatever the secret and the body are", async () => {
    const secret = fc.string({ minLength: 4 }).filter((text) => !text.includes("*"));
    await fc.assert(
      fc.asyncProperty(secret, fc.json(), fc.string(), async (hidden, body, around) => {
        const secrets = new Secrets();
        secrets.add(hidden);
        const { recorder, read } = recorderIn(secrets.redact);
        const request = JSON.parse(body);
        recorder.record({
          ...exchangeEvent({ reply: `${around}${hidden}`, request: [request, { [hidden]: 1 }] }),
        });
        const [event] = recorder.events.slice(1);
        const texts = textsIn(event?.kind === "exchange" ? [event.reply, event.request] : []);
        expect(texts.filter((text) => text.includes(hidden))).toEqual([]);
        expect(await read()).toEqual(recorder.events);
      }),
      { numRuns: 30 },
    );
  });
});

describe("waiting for the first event of a kind", () => {
  test("finds the first that has come already", async () => {
    const { recorder, read } = recorderIn();
    for (const name of ["web", "api", "api"]) recorder.record(ready(name));
    expect(await recorder.first(isReady("api"), never)).toMatchObject({ seq: 2 });
    await read();
  });

  test("finds the first that is yet to come, and no later one", async () => {
    const { recorder, read } = recorderIn();
    const found = recorder.first(isReady("api"), never);
    for (const name of ["web", "api", "api"]) recorder.record(ready(name));
    expect(await found).toMatchObject({ seq: 2 });
    await read();
  });

  test("lets several wait for different things", async () => {
    const { recorder, read } = recorderIn();
    const both = Promise.all(["a", "b"].map((name) => recorder.first(isReady(name), never)));
    recorder.record(ready("b"));
    recorder.record(ready("a"));
    expect((await both).map(({ seq }) => seq)).toEqual([2, 1]);
    await read();
  });

  test("ends with the reason when it is aborted, before or meanwhile", async () => {
    const { recorder, read } = recorderIn();
    const reason = new Error("enough");
    await expect(recorder.first(isReady("api"), AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = recorder.first(isReady("api"), controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    recorder.record(ready("api"));
    expect(await recorder.first(isReady("api"), AbortSignal.abort(reason))).toMatchObject({ seq: 1 });
    await read();
  });
});

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
