import { beforeAll, describe, expect, test } from "vitest";
import { checkConfig } from "../../harness/config/check-config.ts";
import { planCells } from "../../harness/matrix/cell.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import standard from "../../interlock.config.ts";
import { openPlace } from "../containers/place.ts";
import { type WholeRun, wholeRun } from "../containers/whole-run.ts";
import { elements, parseXml } from "../containers/xml.ts";

/** The whole matrix twice: the current build is green, the mutant of 24 August 2015 is red where it must be. */

const flags = { current: [], mutant: ["--api", "2015-08-24", "--json"] };
const ran = {} as Record<keyof typeof flags, WholeRun>;

beforeAll(async () => {
  for (const which of ["current", "mutant"] as const) {
    await using place = await openPlace();
    ran[which] = await wholeRun(place, ...flags[which]);
  }
});

const checked = checkConfig(standard({ secret: () => "of no run" }));
if (!checked.ok) throw new Error(checked.problems.join("\n"));
const { config } = checked;
const engines = Object.values(config.workers).flatMap((worker) => worker.engines);

/** Other APIs that the policy lets the current workers live beside. */
const released = (config.skew?.apis ?? [])
  .filter(({ takes }) => Object.values(takes).every((some) => some.includes(config.current)))
  .map(({ release }) => release)
  .filter((release) => release !== config.current);

test("there are such", () => expect(released).toEqual(["2026-05"]));

test.each(released)(
  "the API %s passes in every cell that it has, and answers by the contract",
  async (api) => {
    await using place = await openPlace();
    const { result } = await wholeRun(place, "--api", api);
    const { verdict, loose } = result;
    expect({ verdict, loose }).toEqual({ verdict: "pass", loose: [] });
  },
);

describe("on the current build", () => {
  const cells = planCells("current", engines, config.scenarios);

  test("every cell of the matrix passes", () => {
    const { ended, result } = ran.current;
    expect(ended.exitCode).toBe(0);
    expect(result.cells.map(({ path, verdict }) => ({ path, verdict }))).toEqual(
      cells.map(({ path }) => ({ path, verdict: "pass" })),
    );
    expect(result).toMatchObject({ verdict: "pass", exit: 0, reasons: [], loose: [] });
  });

  test("the report fits into 25 lines and speaks of every scenario and engine", () => {
    const { ended } = ran.current;
    const lines = ended.stdout.split("\n");
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines[0]).toMatch(/^API current +v5-presto +v5-hive-cdh4 +v6-hive-hdp2$/);
    expect(lines[1]).toBe(`${config.scenarios.length} scenarios ✓ wherever they were tried`);
    expect(ended.stdout).toContain(`PASS: ${cells.length} of ${cells.length} cells pass`);
  });

  test("every way to look is asked, and each customer tries another's job", () => {
    const { operations } = ran.current.result.coverage;
    expect(Object.keys(operations)).toEqual(
      expect.arrayContaining([
        "job.status",
        "job.status_by_domain_key",
        "job.list",
        "job.result",
        "database.list",
        "database.show",
        "table.list",
        "table.show",
      ]),
    );
    for (const intruded of [
      "job.show",
      "job.status",
      "job.status_by_domain_key",
      "job.result",
      "job.kill",
    ] as const)
      expect({ intruded, statuses: Object.keys(operations[intruded]?.["none"] ?? {}) }).toEqual({
        intruded,
        statuses: expect.arrayContaining(["404"]),
      });
  });

  test("each part is attested by the digest that its image was built with", async () => {
    const { result } = ran.current;
    const docker = await dockerEngine();
    const named = { api: config.api["current"], ...config.workers };
    for (const [component, { image }] of Object.entries(named as Record<string, { image: string }>)) {
      const { Id, Config } = await docker.getImage(image).inspect();
      expect(result.identities.filter((identity) => identity.component === component)).toEqual([
        expect.objectContaining({ component, digest: Config.Labels["interlock.digest"], image: Id }),
      ]);
    }
  });
});

describe("on the build of 24 August 2015", () => {
  const cells = planCells("2015-08-24", engines, config.scenarios);
  const redCells = cells.filter(
    ({ generation, scenario: { output } }) =>
      generation === "v5" && (output?.kind === "web" || output?.kind === "mysql"),
  );

  test("exactly the jobs of v5 with a destination are red, and all others pass", () => {
    const { ended, result } = ran.mutant;
    expect(ended.exitCode).toBe(1);
    expect(redCells.length).toBeGreaterThan(0);
    expect(result.cells.map(({ path, verdict }) => ({ path, verdict }))).toEqual(
      cells.map((cell) => ({ path: cell.path, verdict: redCells.includes(cell) ? "violation" : "pass" })),
    );
  });

  test("each is caught by I4, but for a job that was killed or failed and had nothing to deliver", () => {
    const { result } = ran.mutant;
    const delivered = redCells
      .filter(({ scenario }) => scenario.ending !== "killed" && scenario.statement.kind !== "failing")
      .map(({ path }) => path);
    const caught = result.cells.filter(({ violations }) =>
      violations.some(({ invariant }) => invariant === "I4"),
    );
    expect(caught.map(({ path }) => path)).toEqual(delivered);
  });

  test("--json prints one object with every cell, its verdict and the digests, and nothing else", () => {
    const { ended, result } = ran.mutant;
    const printed: unknown = JSON.parse(ended.stdout);
    expect(printed).toEqual(result);
    expect(result.identities.map(({ component }) => component).sort()).toEqual([
      "api",
      ...Object.keys(config.workers),
    ]);
    for (const { digest } of result.identities) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe.each(["current", "mutant"] as const)("a whole run on the %s build", (which) => {
  test("leaves no container, network, volume or process", () => expect(ran[which].left).toEqual([]));

  test("is never silent for more than two seconds", () => {
    const { ended } = ran[which];
    const at = [...ended.stderr.matchAll(/^ *(\d+\.\d) s {2}/gm)].map(([, seconds]) => Number(seconds));
    expect(at.length).toBeGreaterThan(5);
    const gaps = at.slice(1).map((seconds, i) => seconds - (at[i] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2.3);
  });

  test("leaves a history of which `interlock check` says the same", () => {
    const { ended, result, checked: again } = ran[which];
    expect(again.exitCode).toBe(ended.exitCode);
    expect(again.judgement.loose).toEqual(result.loose);
    const told = result.cells.flatMap(({ violations }, i) =>
      violations.map(({ invariant, witnesses }) => ({ invariant, job: i + 1, witnesses })),
    );
    expect(again.judgement.broken).toEqual(told);
  });

  test("writes JUnit that is XML and agrees with the verdicts", () => {
    const {
      junit,
      result: { counts, cells, api, loose },
    } = ran[which];
    const document = parseXml(junit);
    const outside = loose.length === 0 ? [] : [[`${api}/outside of any job`, ["failure"]]];
    const numbers = {
      tests: String(cells.length + outside.length),
      failures: String(counts.violation + outside.length),
      errors: "0",
    };
    expect(document).toMatchObject({ name: "testsuites", attributes: numbers });
    expect(elements(document, "testsuite")).toMatchObject([{ attributes: { ...numbers, skipped: "0" } }]);
    const cases = elements(document, "testcase").map(({ attributes, inside }) => [
      `${attributes["classname"]}/${attributes["name"]}`,
      inside.map(({ name }) => name),
    ]);
    expect(cases).toEqual([
      ...cells.map(({ path, verdict }) => [path.replace("/", "."), verdict === "pass" ? [] : ["failure"]]),
      ...outside,
    ]);
  });

  test("writes and says none of its secrets, nor the password of the bad destination", () => {
    const { secrets, texts } = ran[which];
    expect(secrets.length).toBeGreaterThanOrEqual(10);
    expect([...texts.keys()]).toEqual(
      expect.arrayContaining([
        "history.jsonl",
        "result.json",
        "api.log",
        "mysql.log",
        "stdout",
        "stderr",
        "junit",
      ]),
    );
    expect(texts.get("history.jsonl")).toMatch(/mysql:\/\/user:\*\*\*\d+\*\*\*@destination\.test/);
    const found = [...secrets, "hunter2secret"].flatMap((secret) =>
      [...texts].filter(([, text]) => text.includes(secret)).map(([name]) => `${secret} in ${name}`),
    );
    expect(found).toEqual([]);
  });
});
