import { type Cluster, clusters, type Generation, generations } from "../../contracts/job.ts";
import type { MatrixExtent } from "../history/event.ts";
import type { JobHistory } from "../history/job-history.ts";
import type { Coverage } from "./coverage.ts";
import { type Lack, lacksOf } from "./lacks.ts";

/** What a run adds to a matrix that several runs make up. */
export interface Part {
  matrix: MatrixExtent;
  /** Its jobs by the cells that they are. */
  jobs: ReadonlyMap<string, Pick<JobHistory, "scenario" | "engine" | "final">>;
  coverage: Pick<Coverage, "workers" | "invariants" | "ways">;
}

/** What parts of one matrix lack together that a whole one has to have. */
export function lacksOfParts(parts: readonly [Part, ...Part[]]): Lack[] {
  const [{ matrix }] = parts;
  const jobs = new Map(parts.flatMap((part) => [...part.jobs]));
  const open = matrix.cells - jobs.size;
  return [
    ...(open === 0 ? [] : [{ what: `they are a part: ${jobs.size} of ${matrix.cells} cells` }]),
    ...lacksOf(mergeCoverage(parts.map(({ coverage }) => coverage)), [...jobs.values()], matrix),
  ];
}

type Seen = Part["coverage"];

function mergeCoverage(all: readonly Seen[]): Seen {
  const tested = new Set(all.flatMap(({ invariants }) => invariants.tested));
  const known = new Set(all.flatMap(({ invariants }) => [...invariants.tested, ...invariants.untested]));
  const workers = Map.groupBy(
    all.flatMap((one) => one.workers),
    ({ component, build }) => `${component} ${build}`,
  );
  return {
    invariants: { tested: [...tested], untested: [...known].filter((id) => !tested.has(id)) },
    ways: {
      results: byName<Generation>(generations, (name) => all.flatMap(({ ways }) => ways.results[name])),
      lists: byName<Cluster>(clusters, (name) => all.flatMap(({ ways }) => ways.lists[name])),
    },
    workers: [...workers.values()].map((shares) => ({
      ...(shares[0] as Seen["workers"][number]),
      claimed: sum(shares.map(({ claimed }) => claimed)),
      finished: sum(shares.map(({ finished }) => finished)),
    })),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const byName = <Name extends string>(
  names: readonly Name[],
  of: (name: Name) => readonly string[],
): Record<Name, readonly string[]> =>
  Object.fromEntries(names.map((name) => [name, [...new Set(of(name))]])) as unknown as Record<
    Name,
    readonly string[]
  >;
