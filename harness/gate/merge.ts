import { type Damaged, damageInWords } from "../evidence/damage.ts";
import { canonical } from "../history/hash.ts";
import { commandTo } from "../installation.ts";
import { printShard, type Shard } from "../matrix/shards.ts";
import { settingsDiffer } from "../oracle/settings.ts";
import { releaseFlags } from "../shell-words.ts";
import { type Verdict, worstOf } from "../verdict.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import { coverageLacks } from "./together.ts";

/** The shards of one matrix, judged again as the whole that they make up. */
export interface Merged {
  verdict: Verdict;
  /** Why it is no pass, a sentence each. */
  reasons: readonly string[];
  api: string;
  builds: Proof["builds"];
  /** By name. */
  cells: readonly ProvenCell[];
  loose: readonly string[];
}

/**
 * What it comes to is a function of what the shards show: not of their number, order, times or folders.
 *
 * @param whyNot why no command that is printed here would run a shard like this one; null where one does
 */
export function merge(
  all: readonly Proof[],
  damaged: readonly Damaged[],
  whyNot: (shard: Proof) => string | null = () => null,
): Merged {
  const proofs = partsOf(all);
  const latest = latestOf(proofs);
  const problems = [
    ...damaged.map((one) => damageInWords(one).what),
    ...twiceIn(proofs),
    ...problemsOf(latest, whyNot),
  ];
  const cells = latest.flatMap((proof) => proof.cells).toSorted((a, b) => (a.cell < b.cell ? -1 : 1));
  const loose = [...new Set(latest.flatMap((proof) => proof.loose))].toSorted();
  const lacks = problems.length > 0 ? problems : coverageLacks(latest);
  const count = (verdict: Verdict) => cells.filter((one) => one.verdict === verdict).length;
  const told = (["violation", "infrastructure", "missing"] as const).flatMap((verdict) =>
    count(verdict) === 0 ? [] : [`${count(verdict)} cells: ${verdict}`],
  );
  return {
    verdict: worstOf([
      ...cells.map(({ verdict }) => verdict),
      ...(loose.length > 0 ? (["violation"] as const) : []),
      ...(lacks.length > 0 ? (["missing"] as const) : []),
    ]),
    reasons: [...told, ...loose, ...lacks],
    api: latest[0]?.releases.api ?? "",
    builds: latest[0]?.builds ?? [],
    cells,
    loose,
  };
}

/** A schedule that was replayed is no part of a matrix. */
const partsOf = (all: readonly Proof[]): Proof[] => all.filter(({ scheduled }) => scheduled === null);

/** Whether there are shards, and not all that the first of them is one of. */
export function lacksShards(all: readonly Proof[]): boolean {
  const [first, ...others] = partsOf(all);
  return first !== undefined && openOf([first, ...others]).length > 0;
}

/** The shards that are not there of as many as the first is one of. */
function openOf(proofs: readonly [Proof, ...Proof[]]): Shard[] {
  const of = proofs[0].shard?.of ?? 1;
  const indices = new Set(proofs.map(({ shard }) => shard?.index ?? 1));
  return Array.from({ length: of }, (_, i) => ({ index: i + 1, of })).filter(
    ({ index }) => !indices.has(index),
  );
}

const nameOf = ({ shard }: Proof): string => (shard === null ? "1/1" : printShard(shard));

/** Of several attempts at the same shard the newest. */
function latestOf(proofs: readonly Proof[]): Proof[] {
  const byShard = [...Map.groupBy(proofs, nameOf).values()];
  return byShard.map((all) => all.reduce((a, b) => (b.attempt > a.attempt ? b : a)));
}

/** Attempts that are there more than once: which of them counts nobody can say. */
const twiceIn = (proofs: readonly Proof[]): string[] =>
  [...Map.groupBy(proofs, (proof) => `shard ${nameOf(proof)}, attempt ${proof.attempt},`)].flatMap(
    ([name, all]) =>
      all.length > 1
        ? [`${name} is there ${all.length} times: ${all.map(({ folder }) => folder).join(", ")}`]
        : [],
  );

const twiceRun = (proofs: readonly Proof[]): string[] => {
  const cells = Map.groupBy(
    proofs.flatMap((proof) => proof.cells),
    ({ cell }) => cell,
  );
  return [...cells].flatMap(([cell, all]) => (all.length > 1 ? [`${cell} is in ${all.length} shards`] : []));
};

/** The run of a shard with the releases of another one. */
const commandOf = (shard: Shard, { releases }: Proof): string =>
  commandTo("run", "--shard", printShard(shard), ...releaseFlags(releases));

/** Where the image is the same: what one server shows, one that is set otherwise need not. */
function setOtherwise(first: Proof, { folder, images, settings }: Proof): string[] {
  if (images["mysql"] !== first.images["mysql"]) return [];
  const found = settingsDiffer(first.settings ?? {}, settings ?? {});
  return found === null
    ? []
    : [`${folder} is of a database that is set otherwise than that of ${first.folder}: ${found}`];
}

/** Why these are not the shards of one matrix. */
function problemsOf(proofs: readonly Proof[], whyNot: (shard: Proof) => string | null): string[] {
  const [first, ...rest] = proofs;
  if (first === undefined)
    return [
      "there is no shard: nothing was run, or its evidence is elsewhere; name the folder that holds the runs of every shard",
    ];
  const of = first.shard?.of ?? 1;
  const others = proofs.filter((proof) => (proof.shard?.of ?? 1) !== of);
  const open = openOf([first, ...rest]);
  const unlike = (of: (proof: Proof) => unknown, what: string) =>
    proofs
      .filter((proof) => canonical(of(proof)) !== canonical(of(first)))
      .map(({ folder }) => `${folder} is of ${what} than ${first.folder}`);
  return [
    ...others.map(
      (proof) => `${proof.folder} is shard ${nameOf(proof)}, and ${first.folder} is ${nameOf(first)}`,
    ),
    ...(others.length > 0
      ? ["other runs lie beside the shards: copy the shards' folders alone into one, and merge that"]
      : []),
    ...open.map(
      (shard) => `shard ${printShard(shard)} is missing: ${whyNot(first) ?? commandOf(shard, first)}`,
    ),
    ...unlike(({ builds }) => builds, "other builds"),
    ...unlike(({ images }) => images["mysql"], "another database"),
    ...rest.flatMap((proof) => setOtherwise(first, proof)),
    ...unlike(({ inputs }) => inputs.harness, "another Interlock"),
    ...unlike(
      ({ inputs }) => inputs.config,
      "another config, whose commands, settings or scenarios are others or lead to another checkout,",
    ),
    ...proofs.flatMap(({ folder, rig }) =>
      rig === "containers" ? [] : [`${folder} shows nothing: it ran on the rig ${rig}`],
    ),
    ...unlike(({ part }) => (part ?? first.part)?.matrix.cells, "another matrix"),
    ...twiceRun(proofs),
    // A whole run asks for the probe by itself, where it can; of shards one at least must have had it.
    ...(proofs.length === 1 || proofs.some(({ isProbed, part }) => isProbed || part?.matrix.unprobed)
      ? []
      : ["no part of it put the API to the test with --probe"]),
    ...proofs.flatMap(({ folder, unfit }) => (unfit === null ? [] : [`${folder} shows nothing: ${unfit}`])),
    ...proofs.flatMap(({ folder, cells }) => (cells.length === 0 ? [`${folder} has no cell`] : [])),
  ];
}
