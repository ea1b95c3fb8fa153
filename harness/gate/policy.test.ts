import { describe, expect, test } from "vitest";
import { claimingIn, parseCandidate, parseDeployed, parseKnown, parseOverrides } from "./policy.ts";
import { candidate, deployed } from "./testing/question.ts";

const text = (value: unknown) => JSON.stringify(value);
const override = {
  builds: ["a2".repeat(32)],
  owner: "mika",
  reason: "the site is down",
  issued: "2026-11-26T12:00:00Z",
  expires: "2026-11-27T12:00:00Z",
};
const known = {
  cell: "v5-presto/web",
  invariant: "I4",
  message: "0 rows where 4 belong",
  reason: "r",
  owner: "o",
  expires: override.expires,
};

test("what is written as it should be is read", () => {
  expect(parseDeployed(text(deployed), "live.json")).toEqual(deployed);
  expect(parseCandidate(text({ schema: 1, builds: [candidate] }), "next.json").builds).toEqual([candidate]);
  expect(parseKnown(text({ schema: 1, failures: [known] }), "known.json").failures).toEqual([known]);
  expect(parseOverrides(text({ schema: 1, overrides: [override] }), "o.json").overrides).toEqual([override]);
});

describe("what is not is refused, with the file and the place", () => {
  const { policy, ...noPolicy } = deployed;
  const { owner: _owner, ...nobodys } = known;
  const { expires: _expires, ...endless } = override;
  const newer = /^f: schema: 2 was made by a newer Interlock; this one reads 1: take the newer one, or write/;
  const cases: Record<
    string,
    [parse: (text: string, file: string) => unknown, written: unknown, said: RegExp]
  > = {
    "an empty file": [parseDeployed, undefined, /^f: expected JSON: .*; take the whole file/],
    "no policy": [parseDeployed, noPolicy, /^f:\n {2}policy: /],
    "a policy that requires nothing": [
      parseDeployed,
      { ...deployed, policy: { ...policy, cells: [] } },
      /policy\.cells: requires no cell/,
    ],
    "a list of nothing": [parseDeployed, { ...deployed, builds: [] }, /builds: lists no build/],
    "a moment without a zone": [parseDeployed, { ...deployed, at: "2026-11-26T12:00:00" }, / {2}at: /],
    "no form of one": [parseDeployed, { ...deployed, schema: "1" }, / {2}schema: /],
    ...Object.fromEntries(
      [parseDeployed, parseCandidate, parseKnown, parseOverrides].map((parse, i) => [
        `a newer form (${i})`,
        [parse, { ...deployed, schema: 2, other: {} }, newer],
      ]),
    ),
    "a key that nobody knows": [parseDeployed, { ...deployed, polices: [] }, /Unrecognized key: "polices"/],
    "evidence that never ages": [
      parseDeployed,
      { ...deployed, policy: { ...policy, evidenceHours: 1e9 } },
      /policy\.evidenceHours: /,
    ],
    "a build by its name alone": [
      parseCandidate,
      { schema: 1, builds: [{ component: "api", release: "next" }] },
      /a name says nothing about what runs/,
    ],
    "an image by its tag": [
      parseCandidate,
      { schema: 1, builds: [{ component: "api", image: "api:latest" }] },
      /expected sha256: and 64/,
    ],
    "a candidate of nothing": [parseCandidate, { schema: 1, builds: [] }, /lists no build/],
    "a failure that is nobody's": [parseKnown, { schema: 1, failures: [nobodys] }, /failures\.0\.owner: /],
    "a failure with any message": [
      parseKnown,
      { schema: 1, failures: [{ ...known, message: " " }] },
      /failures\.0\.message: /,
    ],
    "an override without an end": [
      parseOverrides,
      { schema: 1, overrides: [endless] },
      /overrides\.0\.expires: /,
    ],
    "an override without a reason": [
      parseOverrides,
      { schema: 1, overrides: [{ ...override, reason: "" }] },
      /overrides\.0\.reason: /,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [parse, written, said]) => {
    expect(() => parse(written === undefined ? "" : text(written), "f")).toThrow(said);
  });
});

test("a key that stands twice is refused: two readers would see two policies", () => {
  const cut = text(deployed).slice(0, -1);
  expect(() => parseDeployed(`${cut},"policy":${text(deployed.policy)}}`, "f")).toThrow(
    'f: expected each key once, but "policy" stands twice',
  );
});

describe("who claims jobs", () => {
  const one = { component: "worker-v5", digest: "b1" };
  const other = { component: "api-worker", digest: "b0" };

  test("is each build once, in one order, however the database tells them", () => {
    expect(claimingIn([one, other, { ...one }], "c")).toEqual([other, one]);
    expect(claimingIn([], "c")).toEqual([]);
  });

  test.each([
    ["no digest", [{ component: "worker-v5" }], "row 1: digest: "],
    ["a worker that told none", [one, { ...one, digest: null }], "row 2: digest: "],
    ["no component", [{ digest: "b1" }], "row 1: component: "],
    ["other names of them", [{ worker: "worker-v5", version: "b1" }], "row 1: component: "],
    ["one column more", [{ ...one, jobs: "3" }], 'row 1: Unrecognized key: "jobs"'],
    ["a digest in bytes", [{ ...one, digest: Buffer.from("b1") }], "row 1: digest: "],
    ["an empty digest", [{ ...one, digest: "" }], "row 1: digest: "],
    ["a digest of two lines", [{ ...one, digest: "b1\nb2" }], "row 1: digest: expected one line"],
    ["what is no answer with rows", { affectedRows: 0 }, "expected array"],
    ["more builds than there can be", Array.from({ length: 1001 }, () => one), "Too big"],
  ])("is refused with %s", (_, answer, said) => {
    expect(() => claimingIn(answer, "my.config.ts")).toThrow(said);
    expect(() => claimingIn(answer, "my.config.ts")).toThrow(
      /^my\.config\.ts: mysql\.claiming: .*; correct the statement$/,
    );
  });
});
