import { checkConfig } from "../../../harness/config/check-config.ts";
import { enginesIn, planCells } from "../../../harness/matrix/cell.ts";
import { selectPaths } from "../../../harness/schedule/paths.ts";
import writeConfig from "../../../interlock.config.ts";
import { files } from "../repository.ts";

/** Names that commands of the docs give to a flag: releases, cells and mutants that are no longer there are found here. */

const checked = checkConfig(writeConfig({ secret: (name) => `secret of ${name}` }));
if (!checked.ok) throw new Error(checked.problems.join("\n"));
const { config } = checked;

const releasesOf = (generation: string): string[] =>
  Object.values(config.workers)
    .filter((worker) => worker.generation === generation)
    .flatMap(({ releases }) => ["current", ...Object.keys(releases)]);

/** Releases that the docs invent. */
const invented = new Set(["A", "B", "next-candidate"]);

const api = (name: string): string | null =>
  name in config.api || invented.has(name) ? null : `the config has no API ${name}`;

function worker(text: string): string | null {
  const [generation = "", release = ""] = text.split("=");
  return releasesOf(generation).includes(release) ? null : `the config has no worker ${text}`;
}

/** A pattern may name any release. */
function cell(pattern: string): string | null {
  const all = Object.keys(config.api).flatMap((name) => planCells(name, enginesIn(config), config.scenarios));
  return selectPaths(all, [pattern]).length > 0 ? null : `no cell matches ${pattern}`;
}

const mutant = (id: string): string | null =>
  files.some((name) => /^fixtures\/mutants\/.+\/([^/]+?)(?:\.image)?\.ts$/.exec(name)?.[1] === id)
    ? null
    : `no mutant is called ${id}`;

const judges: Readonly<Record<string, (value: string) => string | null>> = {
  "--api": api,
  "--deployed-api": api,
  "--worker": worker,
  "--deployed-worker": worker,
  "--cell": cell,
  "--only": mutant,
};

/** What is wrong with the value of a flag; null where nothing is, or where any will do. */
export const nameProblem = (flag: string, value: string): string | null => judges[flag]?.(value) ?? null;
