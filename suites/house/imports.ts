import { posix } from "node:path";
import { forTests, layers, roots } from "./layers.ts";

/** One file that names another: by a static, type, dynamic or bare import, a re-export or a URL beside the module. */
export interface Import {
  from: string;
  to: string;
}

const forms = /\b(?:from|import|new URL)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

export const importsOf = (from: string, text: string): Import[] =>
  [...text.matchAll(forms)].map(([, to]) => ({
    from,
    to: posix.join(posix.dirname(from), to as string),
  }));

/** Why an import is not allowed; undefined if it is. */
export function objectionTo({ from, to }: Import): string | undefined {
  const [fromRoot, toRoot] = [rootOf(from), rootOf(to)];
  if (fromRoot !== toRoot && !roots[fromRoot]?.includes(toRoot))
    return `${fromRoot} may not import ${toRoot}`;
  if (isTest(from) || /^(suites|bench)/.test(fromRoot)) return undefined;
  if (isForTests(to)) return "only tests, suites and benches import what serves tests";
  if (fromRoot !== "harness" || toRoot !== "harness") return undefined;
  return objectionInside(placeOf(from), placeOf(to));
}

function objectionInside(from: Place | undefined, to: Place | undefined): string | undefined {
  // A file without a layer is reported once by itself.
  if (from === undefined || to === undefined || from.unit === to.unit) return undefined;
  if (from.layer === to.layer) return `${from.unit} and ${to.unit} are neighbours in one layer`;
  return from.layer < to.layer ? `${from.unit} is below ${to.unit}` : undefined;
}

interface Place {
  unit: string;
  layer: number;
  /** The name in the table, which may be a pattern. */
  entry: string;
}

/** The unit and the layer of a file of the harness; undefined where the table has none. */
export function placeOf(file: string): Place | undefined {
  const path = file.slice("harness/".length);
  return layers
    .flatMap((entries, layer) =>
      entries.flatMap((entry) => {
        const unit = unitFor(entry, path);
        return unit === undefined ? [] : [{ unit, layer, entry }];
      }),
    )
    .toSorted((a, b) => lengthOf(b.entry) - lengthOf(a.entry))[0];
}

/** The unit that an entry of the table makes of a path; undefined where it is not about it. */
function unitFor(entry: string, path: string): string | undefined {
  if (!entry.endsWith("/*")) return path === entry || path.startsWith(`${entry}/`) ? entry : undefined;
  const parent = entry.slice(0, -1);
  const [folder, rest] = path.slice(parent.length).split("/");
  return path.startsWith(parent) && rest !== undefined ? `${parent}${folder}` : undefined;
}

/** A `*` is weaker than any name. */
const lengthOf = (entry: string): number => entry.replace("*", "").length;

/** The root of the table with the longest matching name; a folder that has none is one by itself. */
const rootOf = (file: string): string =>
  Object.keys(roots)
    .filter((root) => file === root || file.startsWith(`${root}/`))
    .toSorted((a, b) => b.length - a.length)[0] ?? (file.split("/")[0] as string);

/** A suite that adapters share is a test as well, by its name `conformance.ts`. */
export const isTest = (file: string): boolean =>
  /(?:\.test|\/conformance)\.ts$/.test(file) || isForTests(file);

const isForTests = (file: string): boolean => file.split("/").some((folder) => forTests.includes(folder));
