import { describe, expect, test } from "vitest";
import type { ExchangeEvent } from "../../../history/event.ts";
import { Witness } from "../../../history/witness.ts";
import { exchangeEvent } from "../../../testing/events.ts";
import { departedAmong, greetWorker } from "./greet.ts";
import type { Part } from "./part.ts";

const part = {
  name: "worker-v5",
  exited: null,
  tail: [],
  log: null,
  labelledDigest: "abc",
  imageId: null,
} as unknown as Part;
const worker = { generation: "v5", engines: ["presto", "hive-cdh4"] } as never;

const asked = { generation: "v5", engines: ["hive-cdh4", "presto"], worker: "w", version: "abc" };
const claim = (more: Partial<ExchangeEvent> = {}) =>
  exchangeEvent({ by: "worker-v5", operation: "worker.claim", request: asked, ...more });
const pending = claim({ status: null, served: null });

/** What is made of a worker of which these exchanges are seen, within 50 ms. */
const greeted = (seen: ExchangeEvent[], patienceMs?: number) => {
  const witness = new Witness();
  for (const event of seen) witness.record(event);
  return greetWorker(part, { worker, release: "current", patienceMs }, witness, { readyMs: 50 });
};

test("a worker that got an answer is attested by its claim", async () => {
  const { identity, claim: answered } = await greeted([pending, claim()]);
  expect(answered).toMatchObject({ status: 200 });
  expect(identity).toEqual({
    component: "worker-v5",
    release: "current",
    digest: "abc",
    image: null,
    probe: "claims hive-cdh4, presto as v5",
  });
});

test.each([401, 403, 404, 500, 503])(
  "so it is if the answer is %d: the API's answers are judged",
  async (status) => {
    const refused = await greeted([pending, claim({ status, outcome: "fail" })]);
    expect(refused).toMatchObject({ identity: { digest: "abc" }, claim: { status } });
  },
);

test.each<[string, object, string]>([
  ["another generation", { generation: "v6", engines: ["hive-hdp2"] }, "it claimed as v6 for hive-hdp2"],
  ["an engine less", { engines: ["presto"] }, "it claimed as v5 for presto"],
  ["another build", { version: "old" }, "it calls itself old"],
  ["no build", { version: undefined }, "it calls itself nothing"],
  ["nothing", { generation: undefined, engines: undefined }, "it claimed as undefined for "],
])("a worker that claims as %s is told so, whatever it was answered", async (_, says, happened) => {
  for (const status of [200, 403])
    await expect(greeted([claim({ status, request: { ...asked, ...says } })])).rejects.toThrow(
      new RegExp(`^worker-v5: expected .*, but ${happened}`),
    );
});

test("a worker that does not claim is to blame", async () => {
  const others = claim({ by: "worker-v6" });
  await expect(greeted([others], 800)).rejects.toThrow(
    /^worker-v5: expected a claim by generation v5 .*, but within 0.05 s it did not; last seen: no claim/,
  );
});

test.each<[string, ExchangeEvent[], string]>([
  ["never answers", [pending], "there was none"],
  [
    "answers too late",
    [pending, claim({ status: null, served: 200, servedAt: 2_004 }), pending],
    "the last one came after 2.004 s",
  ],
])("an API that %s is to blame, and no worker", async (_, seen, happened) => {
  await expect(greeted(seen, 800)).rejects.toThrow(
    new RegExp(
      `^api: expected an answer to the claims of worker-v5 within 0.8 s, which is limits.requestMs x timeScale .*, but ${happened}\n`,
    ),
  );
  await expect(greeted(seen)).rejects.toThrow(
    `api: expected an answer to the claims of worker-v5 before the worker gives up, but ${happened}\n`,
  );
});

test("a worker that does not wait as long as it should is to blame", async () => {
  await expect(greeted([claim({ status: null, served: 200, servedAt: 20 })], 800)).rejects.toThrow(
    /^worker-v5: expected .* last seen: a claim that was left without an answer/,
  );
});

describe("what was answered wrong before all were ready", () => {
  const of = (status: number) =>
    claim({ status, outcome: status === 200 ? "ok" : "fail", reply: { job: null } });

  test("is told of the claims by which workers are known too, once", () => {
    const [early, late] = [of(401), of(403)];
    expect(departedAmong([early, late], [late, of(200)])).toEqual([early, late]);
  });

  test("is not that an API which was not ready told a worker to come again", () => {
    expect(departedAmong([of(503), of(429), of(200)], [])).toEqual([]);
    const later = of(503);
    expect(departedAmong([later], [later])).toEqual([later]);
  });
});
