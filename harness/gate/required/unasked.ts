import type { Deployed } from "../policy.ts";
import { databaseName, nameOf, newBuilds, type Question } from "../question.ts";
import type { Item } from "./items.ts";

/** What could have been asked for and was not: GO says nothing about it. */

type Policy = Deployed["policy"];
/** What every policy asks for: an age, or what there is no GO without. */
type Always = "schema" | "scenarios" | "evidenceHours" | "deployedHours" | "goHours";
type Part = Exclude<keyof Policy, Always> | "builds" | "claiming" | "explorations";

/** What a question leaves out of a part of what can be asked for, in words; nothing where it asks for all. */
const parts: Readonly<Record<Part, (question: Question, items: readonly Item[]) => string[]>> = {
  cells: unaskedCells,
  engines: ({ deployed: { policy }, plan }) =>
    plan.workers
      .filter(({ component }) => !Object.hasOwn(policy.engines, component))
      .map(({ component }) => `the engines of ${component}: one that the config drops is asked of nobody`),
  operations: ({ deployed: { policy } }) =>
    none(policy.operations, "operations: a candidate may lack any that its config says it lacks"),
  surroundings: ({ deployed: { policy } }) =>
    none([policy.surroundings ?? []].flat(), "surroundings: any config may say how the world is compared"),
  faults: ({ deployed: { policy } }, items) =>
    policy.faults.length === 0
      ? ["schedules with faults"]
      : [...Map.groupBy(items, ({ pair }) => pair)]
          .filter(([, own]) => own.every(({ schedule }) => schedule === null))
          .map(([pair]) => `schedules with faults of ${nameOf(pair)}`),
  plans: ({ deployed: { policy } }) => none(policy.plans, "rolling plans"),
  kills: ({ deployed: { policy } }) => [
    ...none(
      policy.kills.filter(({ invariant }) => invariant !== null),
      "kills of mutants: whether this Interlock still sees what it has to see",
    ),
    ...none(
      policy.kills.filter(({ invariant }) => invariant === null),
      "controls: whether this Interlock leaves alone what is right",
    ),
  ],
  cost: (question) =>
    question.deployed.policy.cost === undefined
      ? ["a comparison of costs"]
      : newBuilds(question)
          .filter(({ component }) => component === databaseName)
          .map(({ release }) => `what the database ${release} costs`),
  probe: ({ deployed: { policy } }) => (policy.probe ? [] : ["the probe"]),
  keys: ({ deployed: { policy } }) => none(policy.keys, "signatures: who can write evidence can make it up"),
  builds: (question) =>
    none(
      [...question.deployed.builds, ...question.candidate].filter(
        ({ component }) => component === databaseName,
      ),
      "a database: none is listed as live, and any will do",
    ),
  claiming: ({ deployed: { claiming } }) =>
    none(claiming, "who claims jobs: nobody says whether a build is live that is not listed"),
  explorations: () => ["explorations, such as a sweep of all single faults: no policy can ask for one"],
};

/** Everything that could be asked for and that this question does not, a line each. A pure function. */
export const unaskedOf = (question: Question, items: readonly Item[]): string[] =>
  Object.values(parts).flatMap((part) => part(question, items));

const none = (all: readonly unknown[], what: string): string[] => (all.length === 0 ? [what] : []);

/** Cells of the config that no pair is asked for, and those of a worker that it is asked for beside another API alone. */
function unaskedCells({ plan }: Question, items: readonly Item[]): string[] {
  const asked = new Set(items.flatMap(({ cell }) => cell ?? []));
  const left = [...plan.scenarios.keys()].filter((cell) => !asked.has(cell));
  return [
    ...told(left, "the config: no pair is asked for them"),
    ...[...Map.groupBy(items, ({ pair }) => pair)].flatMap(([pair, own]) => {
      const here = new Set(own.map(({ cell }) => cell));
      const engines = new Set([...here].flatMap((cell) => (cell === null ? [] : engineOf(cell))));
      const elsewhere = [...asked].filter((cell) => !here.has(cell) && engines.has(engineOf(cell)));
      return told(elsewhere, nameOf(pair));
    }),
  ];
}

const told = (cells: readonly string[], of: string): string[] =>
  cells.length === 0 ? [] : [`${cells.length} cells, such as ${cells[0]}, of ${of}`];

const engineOf = (cell: string): string => cell.slice(0, cell.indexOf("/"));
