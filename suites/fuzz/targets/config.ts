import fc from "fast-check";
import { checkConfig } from "../../../harness/config/check-config.ts";
import { UsageError } from "../../../harness/errors.ts";
import { planCells } from "../../../harness/matrix/cell.ts";
import fixtures from "../../../interlock.config.ts";
import { pathsIn, withAt } from "../mutations.ts";
import { expectReadable, type Target } from "../target.ts";

/** What a config file's function returns: any value of the language, not JSON alone. */

const shipped: unknown = fixtures({ secret: (name) => `secret of ${name}` });
/** The rows of most scenarios are alike. */
const isNew = ([key, i]: readonly (string | number)[]) =>
  key !== "scenarios" || i === undefined || Number(i) < 3;
const places = pathsIn(shipped).filter(isNew);
const place = fc.nat(places.length - 1).map((at) => places[at] as (string | number)[]);

/** By name, so that an input can be kept: what no JSON could hold. */
const odd: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  nan: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  bigint: () => 10n ** 30n,
  symbol: () => Symbol("odd"),
  function: () => () => "odd",
  "throwing function": () => () => {
    throw new Error("called");
  },
  date: () => new Date(Number.NaN),
  map: () => new Map([["a", 1]]),
  "null prototype": () => Object.create(null),
  promise: () => Promise.resolve({}),
  "revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "throwing getter": () => ({
    get name() {
      throw new Error("read");
    },
  }),
  cycle: () => {
    const one: Record<string, unknown> = {};
    one["self"] = one;
    return one;
  },
  "long text": () => "x".repeat(100_000),
  "signs of a terminal": () => "\u001b[2J\u202e\0",
  "long list": () => Array.from({ length: 20_000 }, () => ({})),
  deep: () => {
    let value: unknown = 1;
    for (let i = 0; i < 5_000; i += 1) value = [value];
    return value;
  },
};

interface Edit {
  path: (string | number)[];
  /** The name of an odd value; else `value`. */
  odd?: string;
  value?: unknown;
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ path: place, odd: fc.constantFrom(...Object.keys(odd)) }),
  fc.record({ path: place, value: fc.jsonValue({ maxDepth: 2 }) }),
  fc.tuple(place, fc.string({ unit: "binary", maxLength: 5 })).map(([path, value]) => ({ path, value })),
);

function edited(config: unknown, { path, odd: name, value }: Edit): unknown {
  try {
    return withAt(config, path, () => (name === undefined ? value : odd[name]?.()));
  } catch {
    // An edit before it took the place away.
    return config;
  }
}

export const configs: Target<Edit[]> = {
  inputs: fc.array(edit, { minLength: 1, maxLength: 3 }),
  take: (edits) => {
    const checked = checkConfig(edits.reduce(edited, shipped));
    if (!checked.ok) return expectReadable(new UsageError(checked.problems.join("\n")).message);
    // What is accepted can be planned.
    planCells(checked.config.current, ["presto", "hive-cdh4", "hive-hdp2"], checked.config.scenarios);
  },
  runs: 800,
};
