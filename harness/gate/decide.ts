import type { Millis } from "../../contracts/values.ts";
import { exitCode, UsageError } from "../errors.ts";
import type { CostProof } from "../evidence/cost.ts";
import { damageInWords } from "../evidence/damage.ts";
import { settingsDiffer } from "../oracle/settings.ts";
import { exitOf, worstOf } from "../verdict.ts";
import { deployedProblems, policyProblems, validUntil, whyNot } from "./counts.ts";
import { KnownFailures } from "./known.ts";
import { isVetoed, missing } from "./open.ts";
import { type Overridden, overrideOf } from "./override.ts";
import type { Proof } from "./proof.ts";
import { databaseName, type Finding, isOf, nameOf, type Question, type Shown } from "./question.ts";
import { costsOf } from "./required/costs.ts";
import { itemsOf, liveBuilds, pairsOf } from "./required/items.ts";
import { killsOf } from "./required/kills.ts";
import { rollsOf } from "./required/rolled.ts";
import { unaskedOf } from "./required/unasked.ts";
import { shownBy } from "./shown.ts";
import { heldAgainstTwins } from "./twins.ts";
import { isAmong, vetoes } from "./vetoes.ts";

export interface Decision {
  decision: "GO" | "NO-GO" | "NO-GO-OVERRIDDEN";
  exit: number;
  findings: readonly Finding[];
  /** What was required, and how much of it was shown. */
  required: number;
  shown: number;
  /** What could have been required and was not, a line each. */
  unasked: readonly string[];
  pairs: readonly string[];
  /** Those of them of which all was shown, and against which nothing speaks. */
  green: readonly string[];
  /** The runs that it rests on. */
  counted: readonly string[];
  known: readonly string[];
  override: Overridden;
  /** Milliseconds since the epoch; null where it is not GO. */
  validUntil: Millis | null;
}

/** GO is what is left when nothing speaks against it and all that is required was shown. A pure function. */
export function decide(asked: Question): Decision {
  const known = new KnownFailures(asked.known, asked.now);
  const question = heldAgainstTwins(asked, known);
  const pairs = pairsOf(question);
  const against = vetoes(question, known);
  const live = liveBuilds(question);
  const counting = question.proofs.filter(
    (proof) => isAmong(proof, live) && whyNot(proof, question) === null,
  );
  const items = pairs.flatMap((pair) => itemsOf(pair, question));
  if (items.length > mostItems)
    throw new UsageError(
      `gate: ${pairs.length} pairs need ${items.length} things; ${mostItems} can be asked for`,
    );
  const proven = items.map((item) => ({ item, by: shownBy(counting, item, question, known) }));
  const unshown = proven.filter(({ by }) => by.length === 0).map(({ item }) => item);
  const open = unshown.filter((item) => !isVetoed(item, against)).map((item) => missing(item, question));
  const rolls = rollsOf(question, known, against);
  const kills = killsOf(question);
  const costs = costsOf(question);
  const others: readonly Shown<Proof | CostProof>[] = [rolls, kills, costs];
  const counted = [
    ...new Set([
      ...proven.flatMap(({ by }) => by),
      ...others.flatMap(({ counted: shown, beside = [] }) => [...shown, ...beside]),
    ]),
  ];
  const findings = [
    ...problemsOf(question),
    ...against.map(({ finding }) => finding),
    ...open,
    ...others.flatMap((some) => some.open),
    ...setOtherwise(counted.filter((one) => "settings" in one)),
    ...known.problems.map((what) =>
      aboutQuestion(what, "take the entry out, or give it a new date with its owner"),
    ),
    ...(items.length === 0
      ? [aboutQuestion("nothing is required: nothing would be shown", "see what is listed as live")]
      : []),
  ];
  const override = overrideOf(question);
  const isGo = findings.length === 0;
  const isOverridden = !isGo && override !== null && "by" in override;
  return {
    decision: isGo ? "GO" : isOverridden ? "NO-GO-OVERRIDDEN" : "NO-GO",
    exit: isOverridden ? exitCode.overridden : exitOf[worstOf(findings.map(({ verdict }) => verdict))],
    findings,
    required: items.length + sum(others.map(({ required }) => required)),
    shown: items.length - unshown.length + sum(others.map((some) => some.counted.length)),
    unasked: unaskedOf(question, items),
    pairs: pairs.map(nameOf),
    green: pairs
      .filter(
        (pair) =>
          !unshown.some((item) => item.pair === pair) && !against.some(({ proof }) => isOf(proof, pair)),
      )
      .map(nameOf),
    counted: counted.map(({ folder }) => folder),
    known: known.told,
    override,
    validUntil: isGo ? validUntil(counted, known.until, question) : null,
  };
}

/** Runs on one database that GO would rest on, of which one had it set otherwise: what each shows it shows of another system. */
function setOtherwise(counted: readonly Proof[]): Finding[] {
  const alike = Map.groupBy(counted, ({ images }) => images[databaseName]);
  return [...alike.values()].flatMap(([first, ...rest]) =>
    rest.flatMap((proof) => {
      const found = settingsDiffer(first?.settings ?? {}, proof.settings ?? {});
      return found === null
        ? []
        : [
            aboutQuestion(
              `${first?.folder} and ${proof.folder}: their databases were set otherwise: ${found}`,
              "run both again on databases that are set alike",
            ),
          ];
    }),
  );
}

const mostItems = 100_000;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const aboutQuestion = (what: string, todo: string): Finding => ({
  verdict: "missing",
  pair: null,
  cell: null,
  what,
  next: { do: todo },
});

const problemsOf = (question: Question): Finding[] => [
  ...deployedProblems(question).map((what) => aboutQuestion(what, "list what is live as it is now")),
  ...policyProblems(question).map((what) =>
    aboutQuestion(what, "mend the name, or run what is live and take its policy anew"),
  ),
  ...question.damaged.map((one) => {
    const { what, next } = damageInWords(one);
    return aboutQuestion(what, next);
  }),
];
