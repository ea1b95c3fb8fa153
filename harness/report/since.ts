import { z } from "zod";
import { UsageError } from "../errors.ts";
import { readResult } from "../matrix/kept-result.ts";
import { parseJson } from "../schedule/parse.ts";
import { type Verdict, verdicts } from "../verdict.ts";
import { ctrfVersion } from "./formats/ctrf.ts";
import { type Case, looseCases, type Report } from "./report.ts";

/** What an earlier report said, to tell what has changed since. */
export interface Earlier {
  file: string;
  cases: ReadonlyMap<string, { verdict: Verdict; invariants: readonly string[] }>;
}

const verdict = z.enum(verdicts);
const violations = z.array(z.looseObject({ invariant: z.string() }));
/** What `merge --json` prints. */
const mergedSchema = z.looseObject({
  schema: z.literal(1),
  api: z.string(),
  cells: z.array(z.looseObject({ cell: z.string(), verdict, broken: violations })),
  loose: z.array(z.string()),
});
/** What `--ctrf` of any command writes. */
const ctrfSchema = z.looseObject({
  reportFormat: z.literal("CTRF"),
  specVersion: z.literal(ctrfVersion),
  results: z.looseObject({
    tool: z.looseObject({ name: z.literal("interlock") }),
    tests: z.array(
      z.looseObject({
        name: z.string(),
        extra: z.looseObject({ interlock: z.looseObject({ verdict, violations }) }),
      }),
    ),
  }),
});

/** Of this Interlock's, but of another version. */
const otherCtrf = z.looseObject({
  reportFormat: z.literal("CTRF"),
  specVersion: z.string().refine((version) => version !== ctrfVersion),
  results: z.looseObject({ tool: z.looseObject({ name: z.literal("interlock") }) }),
});

/** @throws UsageError where the file holds no report of this Interlock's */
export function earlierIn(text: string, file: string): Earlier {
  const value = parseJson(text, file);
  const found = casesIn(value, file);
  if (found === null)
    throw new UsageError(
      `--since ${file}: holds no report that can be compared: expected result.json of a run, or what --ctrf or \`merge --json\` of this Interlock writes`,
    );
  return {
    file,
    cases: new Map(
      found.map(({ path, verdict: own, broken }) => [
        path,
        { verdict: own, invariants: [...new Set(broken.map(({ invariant }) => invariant))] },
      ]),
    ),
  };
}

interface Found {
  path: string;
  verdict: Verdict;
  broken: readonly { invariant: string }[];
}

/** @throws UsageError for the result of another Interlock */
function casesIn(value: unknown, file: string): Found[] | null {
  const run = readResult(value);
  if (run !== null && "problem" in run) throw new UsageError(`--since ${file}: ${run.problem}`);
  if (run !== null) return [...run.cells, ...looseCases(run.api, run.loose)].map(foundOf);
  const merged = mergedSchema.safeParse(value);
  if (merged.success) {
    const { api, cells, loose } = merged.data;
    return [
      ...cells.map((one) => ({ ...one, path: `${api}/${one.cell}` })),
      ...looseCases(api, loose).map(foundOf),
    ];
  }
  const ctrf = ctrfSchema.safeParse(value);
  if (!ctrf.success) {
    const other = otherCtrf.safeParse(value);
    if (!other.success) return null;
    throw new UsageError(
      `--since ${file}: specVersion: ${other.data.specVersion} was written by another Interlock; this one reads ${ctrfVersion}: write it again with this one`,
    );
  }
  return ctrf.data.results.tests.map(({ name, extra }) => foundOf({ path: name, ...extra.interlock }));
}

/** A case as a report has it. */
const foundOf = ({
  path,
  verdict: own,
  violations: broken,
}: Omit<Found, "broken"> & { violations: Found["broken"] }): Found => ({ path, verdict: own, broken });

/** The report with what has changed since an earlier one. The verdict is its own: nothing that was so before excuses it. */
export function since(report: Report, earlier: Earlier): Report {
  const cases = report.cases.map((one): Case => {
    const change = changeOf(one, earlier);
    return change === null ? one : { ...one, since: change };
  });
  const lines = linesOf({ ...report, cases }, earlier);
  return { ...report, cases, since: lines, text: [report.text, ...lines].join("\n") };
}

function changeOf({ path, verdict: now, violations: broken }: Case, { cases }: Earlier): string | null {
  const before = cases.get(path);
  if (before === undefined) return `${now}, and was not there before`;
  const invariants = new Set(broken.map(({ invariant }) => invariant));
  const others = before.invariants.filter((id) => !invariants.has(id));
  const added = [...invariants].filter((id) => !before.invariants.includes(id));
  if (before.verdict !== now) return `${now}, was ${before.verdict}`;
  if (now !== "violation" || others.length + added.length === 0) return null;
  return `breaks ${[...invariants].join(" ")}, broke ${before.invariants.join(" ")}`;
}

const mostNamed = 10;

function linesOf({ cases }: Report, { file, cases: before }: Earlier): string[] {
  const here = new Set(cases.map(({ path }) => path));
  const gone = [...before.keys()].filter((path) => !here.has(path)).map((path) => `${path}: not here`);
  const changed = cases.flatMap(({ path, since: change }) =>
    change === undefined ? [] : `${path}: ${change}`,
  );
  const all = [...changed, ...gone];
  const unchanged = cases.length - changed.length;
  return [
    `since ${file}: ${changed.length} changed, ${gone.length} not here any more, ${unchanged} as before`,
    ...all.slice(0, mostNamed).map((line) => `  ${line}`),
    ...(all.length > mostNamed ? [`  … and ${all.length - mostNamed} more`] : []),
  ];
}
