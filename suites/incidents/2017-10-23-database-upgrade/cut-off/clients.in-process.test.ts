import { describe, expect, test } from "vitest";
import { ApiError } from "../../../../contracts/errors.ts";
import { StorageError } from "../../../../fixtures/api/store/storage-error.ts";
import type { standardBuild } from "../../../../fixtures/build.ts";
import type { Call, ClientName } from "../../../../fixtures/clients/policies.ts";
import anyErrorIsKnown from "../../../../fixtures/mutants/api/issue/any-error-is-known.image.ts";
import keyIgnored from "../../../../fixtures/mutants/api/issue/domain-key-ignored.ts";
import knownForNobody from "../../../../fixtures/mutants/api/streams/chunk-known-for-nobody.ts";
import { withStore } from "../../../../fixtures/mutants/patches.ts";
import { callOf, evenings, type Promised, publicCall, recovers, repaired, saysSo } from "./clients.ts";

/** The announcement of 2017-10-23, kind by kind. */

type Patch = (build: typeof standardBuild) => typeof standardBuild;

/** By kind: who, by which call, and what was promised. */
const kinds: readonly [string, ClientName, Call, Promised][] = [
  ["fluentd recovers by its buffer", "fluentd 1.x", "import", recovers],
  ["td-agent 2 recovers by its buffer", "fluentd 0.12", "import", recovers],
  ["embulk tries again", "embulk", "import", recovers],
  ["a workflow tries again", "digdag", "POST", recovers],
  ["a look of a workflow is tried again", "digdag", "GET", recovers],
  ["a look by Ruby is delayed", "ruby", "GET", recovers],
  ["a look by Python is delayed", "python", "GET", recovers],
  ["a command fails or is delayed", "td CLI", "GET", saysSo],
  ["a command that orders fails", "ruby", "POST", saysSo],
  ["an order by Python fails", "python", "POST", saysSo],
  ["an order by Node fails", "node", "POST", saysSo],
  ["an order by Go fails", "go", "POST", saysSo],
  ["an order by Java fails or is delayed", "java", "POST", saysSo],
  ["an import by Ruby fails", "ruby", "import", saysSo],
  ["an import by Python fails or is delayed", "python", "import", saysSo],
  ["an import by Node fails", "node", "import", saysSo],
  ["an import by Go fails", "go", "import", saysSo],
  ["an import by Java fails or is delayed", "java", "import", saysSo],
];

/** What is wrong in any of the evenings, each once. */
async function wrongIn(
  policy: Parameters<typeof callOf>[0],
  call: Call,
  promised: Promised,
  patch: Patch = repaired,
): Promise<string[]> {
  const wrong = new Set<string>();
  for (const evening of evenings)
    for (const said of promised(await callOf(policy, call, evening, patch), call, evening)) wrong.add(said);
  return [...wrong];
}

test.each(kinds)("%s", async (_, client, call, promised) => {
  expect(await wrongIn(publicCall(client, call), call, promised)).toEqual([]);
});

test.each<[ClientName, Call]>([
  ["java", "POST"],
  ["java", "import"],
  ["python", "import"],
])("%s gives up a %s no sooner than where it is not told when to come back", async (client, call) => {
  const policy = publicCall(client, call);
  const lasted = async (away: "database" | "api") =>
    (await callOf(policy, call, { away, into: 0, isStored: false })).sent.at(-1)?.at;
  expect(await lasted("database")).toBeGreaterThanOrEqual((await lasted("api")) ?? Number.POSITIVE_INFINITY);
});

describe("a client that is not as was promised is seen", () => {
  const limited = (client: ClientName, call: Call, most: number) => {
    const { timeoutMs, rules } = publicCall(client, call);
    return {
      timeoutMs,
      rules: rules.map((rule) => ({
        ...rule,
        wait: (retrying: Parameters<typeof rule.wait>[0]) =>
          retrying.nth > most ? null : rule.wait(retrying),
      })),
    };
  };

  test.each<[ClientName, Call]>([
    ["fluentd 1.x", "import"],
    ["fluentd 0.12", "import"],
    ["embulk", "import"],
    ["digdag", "POST"],
    ["digdag", "GET"],
    ["ruby", "GET"],
    ["python", "GET"],
  ])("%s with 3 tries of a %s gives up", async (client, call) => {
    const wrong = await wrongIn(limited(client, call, 3), call, recovers);
    expect(wrong).toContain("it gave up: 503");
  });

  test("one whose waits go on doubling without an end comes back late", async () => {
    const { timeoutMs } = publicCall("fluentd 1.x", "import");
    const patient = { timeoutMs, rules: [{ on: () => false, wait: () => null }] };
    const hourly = {
      ...patient,
      rules: [{ on: (o: { answer: unknown }) => o.answer !== 200, wait: () => 3_600_000 }],
    };
    expect(await wrongIn(hourly, "import", recovers)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^it came back \d+ ms late$/)]),
    );
  });
});

describe("an API that does not let a kind of client do so is seen", () => {
  /** What the database's absence is told as. */
  const inTrouble =
    (label: string, error: () => Error): Patch =>
    (build) =>
      withStore(build, (store) => ({
        transaction: async (name, work) => {
          try {
            return await store.transaction(name, work);
          } catch (cause) {
            throw name === label && cause instanceof StorageError ? error() : cause;
          }
        },
      }));
  const importsRefused = inTrouble("table.import_with_id", () => new ApiError("invalid_input", "no"));
  const importsFail = inTrouble("table.import_with_id", () => new Error("ECONNREFUSED"));
  const ordersFail = inTrouble("job.issue", () => new Error("ECONNREFUSED"));

  test.each<[string, ClientName, Call, Promised, Patch, string]>([
    ["that refuses chunks", "fluentd 1.x", "import", recovers, importsRefused, "it gave up: 422"],
    ["that refuses chunks", "fluentd 0.12", "import", recovers, importsRefused, "it gave up: 422"],
    ["that refuses chunks", "embulk", "import", recovers, importsRefused, "it gave up: 422"],
    ["that knows no chunk again", "fluentd 1.x", "import", recovers, knownForNobody.patch, "it is stored 2"],
    ["that knows no chunk again", "fluentd 0.12", "import", recovers, knownForNobody.patch, "it is stored 2"],
    ["that knows no chunk again", "java", "import", saysSo, knownForNobody.patch, "it is stored 2"],
    ["that knows no key again", "digdag", "POST", recovers, keyIgnored.patch, "it is stored 2"],
    [
      "that takes trouble for a known key",
      "digdag",
      "POST",
      recovers,
      anyErrorIsKnown.patch,
      "it gave up: 409",
    ],
    ["that takes trouble for a known key", "ruby", "POST", saysSo, anyErrorIsKnown.patch, "it was told 409"],
    ["that answers orders 500", "ruby", "POST", saysSo, ordersFail, "it was told 500"],
    ["that answers orders 500", "node", "POST", saysSo, ordersFail, "it was told 500"],
    ["that answers orders 500", "go", "POST", saysSo, ordersFail, "it was told 500"],
    ["that answers chunks 500", "python", "import", saysSo, importsFail, "it was told 500"],
  ])("one %s, to %s by a %s", async (_, client, call, promised, patch, says) => {
    const wrong = await wrongIn(publicCall(client, call), call, promised, patch);
    expect(wrong).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
  });
});
