import { describe, expect, test } from "vitest";
import type { AttestedBuild, EventBody, HistoryEvent } from "../history/event.ts";
import { laterBuilds } from "./later-builds.ts";

const first: AttestedBuild[] = [
  { component: "api", release: "a", digest: "api-a", image: "image-a" },
  { component: "worker-v5", release: "a", digest: "v5-a", image: "image-v5-a" },
];
const history = (...bodies: unknown[]): HistoryEvent[] =>
  [{ kind: "run", builds: first }, ...bodies].map((body, seq) => ({ seq, at: seq, ...(body as EventBody) }));
const started = (component: string, mark: string, digest: string | null = `${component}-${mark}`) => ({
  kind: "component",
  component,
  what: "started",
  detail: "",
  build: { release: mark, digest, image: `image-${mark}` },
});
const claim = (version: string | null, by = "worker-v5") => ({
  kind: "exchange",
  operation: "worker.claim",
  by,
  request: { version },
});
const again = { kind: "component", component: "worker-v5", what: "started", detail: "again" };

describe("builds that steps brought in", () => {
  test.each<[string, unknown[], string[]]>([
    ["none", [claim("v5-a")], []],
    ["one that tells its digest itself", [started("api", "b")], ["api-b"]],
    ["each once", [started("api", "b"), started("api", "c"), started("api", "b")], ["api-b", "api-c"]],
    ["a worker, by its claims", [started("worker-v5", "b", null), claim("v5-b")], ["v5-b"]],
    [
      "by those of that life alone",
      [claim("v5-a"), started("worker-v5", "b", null), claim("v5-b"), again],
      ["v5-b"],
    ],
    [
      "two lives",
      [started("worker-v5", "b", null), claim("v5-b"), started("worker-v5", "c", null), claim("v5-c")],
      ["v5-b", "v5-c"],
    ],
  ])("%s", (_, bodies, digests) => {
    const { builds, problems } = laterBuilds(history(...bodies));
    expect([builds.map(({ digest }) => digest), problems]).toEqual([digests, []]);
  });

  test("not one that was there at the start", () => {
    const back = {
      ...started("api", "a", "api-a"),
      build: { release: "a", digest: "api-a", image: "image-a" },
    };
    expect(laterBuilds(history(started("api", "b"), back)).builds).toHaveLength(1);
  });
});

test.each<[string, unknown[], string]>([
  ["says nothing", [started("worker-v5", "b", null)], "worker-v5 as release b never said which build it is"],
  ["says an empty name", [started("worker-v5", "b", null), claim("")], "worker-v5 as release b never said"],
  [
    "is heard in another worker's claims alone",
    [started("worker-v5", "b", null), claim("v5-b", "worker-v6")],
    "never said",
  ],
  [
    "says another one than its image",
    [started("worker-v5", "b", "v5-b"), claim("v5-a")],
    "says that it is v5-b and v5-a",
  ],
  ["says two", [started("worker-v5", "b", null), claim("x"), claim("y")], "says that it is x and y"],
])("it is a problem where it %s", (_, bodies, said) => {
  const { builds, problems } = laterBuilds(history(...bodies));
  expect(problems).toEqual([expect.stringContaining(said)]);
  // It is one of those that came all the same.
  expect(builds).toEqual([{ component: "worker-v5", release: "b", digest: null, image: "image-b" }]);
});
