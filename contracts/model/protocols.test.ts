import { expect, test } from "vitest";
import { checkCall } from "../exchange.ts";
import {
  asks,
  call,
  claim,
  destinationOf,
  finish,
  heartbeat,
  issue,
  limits,
  order,
  problems,
  refusal,
} from "../testing/model-calls.ts";
import { claimedMoved, claimedV5, claimedV6, samples } from "../testing/samples.ts";
import type { ModelCall } from "./call.ts";
import { judgeCalls } from "./model.ts";

/** A claimed job has the form of its protocol, with what its customer asked for; an API speaks a protocol or does not. */

const url = "web://ann:s%40cret@a/b";
const issued = issue(1_000, "1", { request: { ...order, result: url, priority: 2 } });
const second = (change: Record<string, unknown> = {}): ModelCall => {
  const { result_url: _, ...rest } = claimedV5;
  const output = { url, settings: destinationOf(url) };
  const job = { ...rest, job_id: "1", priority: 2, output, ...change };
  return call(2_000, "worker.claim", { ...asks, protocol: 2 }, { job });
};

test("what protocol 2 tells is what the customer asked for", () => {
  const wrong = (change: Record<string, unknown>) => problems([issued, second(change)]);
  expect(wrong({})).toEqual([]);
  expect(wrong({ priority: 0 })).toEqual([expect.stringContaining("priority")]);
  expect(wrong({ output: null })).toEqual([expect.stringContaining("output")]);
  expect(wrong({ output: { url, settings: { ...destinationOf(url), password: "s%40cret" } } })).toEqual([
    expect.stringContaining("output"),
  ]);
  expect(wrong({ output: { url: "web://a/b", settings: destinationOf(url) } })).toEqual([
    expect.stringContaining("output"),
  ]);
  expect(problems([issue(1_000), second({ output: null, priority: 0 })])).toEqual([]);
});

test("a claim in protocol 2 may be answered in the first, by an older API; one in the first in no other", () => {
  const answered = (protocol: number | undefined, job: unknown, generation: "v5" | "v6") =>
    checkCall(
      "worker.claim",
      { input: { ...samples["worker.claim"].input, generation, protocol }, status: 200, reply: { job } },
      generation,
    ).length === 0;
  for (const generation of ["v5", "v6"] as const) {
    const own = generation === "v5" ? claimedV5 : claimedV6;
    const others = generation === "v5" ? claimedV6 : claimedV5;
    expect([undefined, 1, 2].map((protocol) => answered(protocol, own, generation))).toEqual([
      true,
      true,
      true,
    ]);
    expect([undefined, 1, 2].map((protocol) => answered(protocol, claimedMoved, generation))).toEqual([
      false,
      false,
      true,
    ]);
    expect([undefined, 1, 2].map((protocol) => answered(protocol, others, generation))).toEqual([
      false,
      false,
      false,
    ]);
  }
});

const refused = (at: number, protocol?: number): ModelCall =>
  claim(at, {}, { ...refusal(409, "unsupported_protocol"), request: { ...asks, protocol } });
const idle = (at: number, protocol?: number): ModelCall =>
  call(at, "worker.claim", { ...asks, protocol }, { job: null });

test.each<[string, ModelCall[], string[]]>([
  ["always refused", [refused(1_000), refused(2_000)], []],
  ["one refused, the other taken", [refused(1_000), idle(2_000, 2), refused(3_000, 1), idle(4_000, 2)], []],
  ["taken, then refused", [idle(1_000), refused(2_000)], ["protocol 1 was refused, and was taken before"]],
  [
    "refused, then taken",
    [refused(1_000, 2), idle(2_000, 2)],
    ["protocol 2 was taken, and was refused before"],
  ],
])("protocols of one build: %s", (_, calls, found) => {
  expect(problems(calls)).toEqual(found);
});

test("while builds change, one may speak what another does not", () => {
  for (const calls of [[idle(1_000), refused(2_000), idle(3_000)], handed([2, "moved"], [2, "first"])])
    expect(judgeCalls(calls, 0, { ...limits, isOneBuild: false }).departures).toEqual([]);
});

type Form = "moved" | "first";
/** Jobs that are handed out one after the other: by protocol and form. */
const handed = (...forms: [protocol: number | undefined, form: Form][]): ModelCall[] =>
  forms.flatMap(([protocol, form], i): ModelCall[] => {
    const [id, at] = [String(i + 1), i * 10_000];
    const { result_url: _, ...rest } = { ...claimedV5, job_id: id };
    const told = form === "moved" ? { ...rest, priority: 0, output: null } : { ...rest, result_url: null };
    return [
      issue(at + 1_000, id, { request: { ...order, domain_key: id } }),
      call(at + 2_000, "worker.claim", { ...asks, protocol }, { job: told }),
    ];
  });

test.each<[string, Parameters<typeof handed>, number]>([
  [
    "always its own",
    [
      [2, "moved"],
      [2, "moved"],
    ],
    0,
  ],
  [
    "always the first",
    [
      [2, "first"],
      [2, "first"],
    ],
    0,
  ],
  [
    "each that of what is stated",
    [
      [2, "moved"],
      [1, "first"],
      [undefined, "first"],
      [2, "moved"],
    ],
    0,
  ],
  [
    "its own, then the first",
    [
      [2, "moved"],
      [2, "first"],
      [2, "first"],
    ],
    2,
  ],
  [
    "the first, then its own",
    [
      [2, "first"],
      [2, "moved"],
    ],
    1,
  ],
])("the form of jobs of one build: %s", (_, forms, times) => {
  expect(problems(handed(...forms))).toEqual(
    Array.from({ length: times }, () => "job: it has another form than protocol 2 has in this build"),
  );
});

test("a build that refuses a protocol sees the statement, and answers in the form of it", () => {
  const forms = (form: Form) => problems([refused(500, 3), ...handed([2, form], [1, "first"])]);
  expect(forms("moved")).toEqual([]);
  expect(forms("first")).toEqual([expect.stringContaining("protocol 2")]);
});

test("a report cannot be refused for its protocol", () => {
  const calls = [
    issue(1_000),
    claim(2_000),
    heartbeat(3_000),
    finish(4_000, {}, refusal(409, "unsupported_protocol")),
  ];
  expect(problems(calls)).toEqual([expect.stringContaining("unsupported_protocol")]);
});
