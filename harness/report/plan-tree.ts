import type { Schedule } from "../schedule/schedule.ts";

/** Plans as one tree that stays short, however many they are: which step follows which, and how many plans go there. */

/** Steps below each other, and steps after the same one, that are told apart; all others are counted together. */
const deepest = 2;
const broadest = 6;

interface Branch {
  plans: number;
  /** Plans that end here. */
  ends: number;
  next: Map<string, Branch>;
}

const emptyBranch = (): Branch => ({ plans: 0, ends: 0, next: new Map() });

export function planTree(plans: readonly Pick<Schedule, "faults">[]): string[] {
  const root = emptyBranch();
  for (const { faults } of plans) add(root, faults.map(stepOf));
  return linesOf(root, deepest);
}

/** What one of a plan's faults does to which process, whatever way and moment it is taken at. */
function stepOf({ fault }: Schedule["faults"][number]): string {
  const name = "name" in fault ? (fault.name ?? "") : "";
  const process = name.replace(/\.life-\d+$/, "");
  return "release" in fault && fault.release !== undefined
    ? `${process} becomes ${fault.release}`
    : `${process} fails`;
}

function add(branch: Branch, [first, ...more]: readonly string[]): void {
  branch.plans += 1;
  if (first === undefined) {
    branch.ends += 1;
    return;
  }
  const next = branch.next.get(first) ?? emptyBranch();
  branch.next.set(first, next);
  add(next, more);
}

function linesOf({ ends, next }: Branch, depth: number): string[] {
  if (depth === 0) return [];
  const all = [...next].sort(([, a], [, b]) => b.plans - a.plans);
  const [shown, others] = [all.slice(0, broadest), all.slice(broadest)];
  const rest = others.reduce((sum, [, { plans }]) => sum + plans, 0);
  const blocks = [
    ...(ends > 0 && all.length > 0 ? [[`no step more: ${ends}`]] : []),
    ...shown.map(([step, branch]) => [`${step}: ${branch.plans}`, ...linesOf(branch, depth - 1)]),
    ...(rest > 0 ? [[`${others.length} other steps: ${rest}`]] : []),
  ];
  return blocks.flatMap(([head, ...below], i) => {
    const isLast = i === blocks.length - 1;
    return [`${isLast ? "└" : "├"} ${head}`, ...below.map((line) => `${isLast ? " " : "│"} ${line}`)];
  });
}
