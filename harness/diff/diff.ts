import { createHash } from "node:crypto";
import type { Contract, ContractOperation } from "./contract.ts";
import { compareFacts, inWords, type PlacedChange } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { fieldsIn, keysOf, own, same } from "./json.ts";
import { schemaComparer } from "./schema/compare.ts";
import type { CompareSchemas } from "./schema/difference.ts";
import { type ChangeId, changes, type Severity, severities } from "./severity.ts";
import type { Concerned, Use, Uses } from "./use.ts";

/** What differs between two contracts of one kind, worst first. */
export function diffContracts(before: Contract, after: Contract, uses: Uses): Finding[] {
  const compare = schemaComparer(before.document, after.document);
  const { pairs, gone, come } = paired(before.operations, after.operations);
  const found = [
    ...pairs.flatMap(([old, now]) =>
      [
        ...ofKnownFields(compareFacts(old.says, now.says, ["operation"], compare)),
        ...movedForms(old, now, compare),
      ].map((change) => findingOf(change, old.name, uses)),
    ),
    ...gone.map(({ name, address }) => findingOf(whole("operation-removed", address), name, uses)),
    ...come.map(({ name, address }) => findingOf(whole("operation-added", address), name, uses)),
    ...compareFacts(before.facts, after.facts, [], compare).map((change) => findingOf(change, null, uses)),
  ];
  const known = [...found, ...unused(before, after).map((change) => findingOf(change, null, uses))];
  const all = known.length > 0 ? known : unseen(before, after).map((change) => findingOf(change, null, uses));
  return all.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** How free a field is says nothing new where the field itself came or went. */
function ofKnownFields(found: readonly PlacedChange[]): PlacedChange[] {
  const moved = found
    .filter(({ id }) => /field-(?:added|removed|moved)/.test(id))
    .map(({ field }) => field.join("."));
  return found.filter(
    ({ place: [, part, of = ""] }) => part !== "free" || !moved.some((field) => of.endsWith(`: ${field}`)),
  );
}

const whole = (id: ChangeId, told: string): PlacedChange => ({
  id,
  place: ["operation"],
  field: [],
  position: "request",
  told,
});

/** Named schemas and the like that nothing refers to, so that they were compared nowhere. */
function unused(before: Contract, after: Contract): PlacedChange[] {
  const names = keysOf(before.shared, after.shared).filter(
    (name) => !same(own(before.shared, name), own(after.shared, name)),
  );
  if (names.length === 0) return [];
  const referred = new Set([...referencesIn(before.document), ...referencesIn(after.document)]);
  return names
    .filter((name) => !referred.has(name))
    .map((name) => ({
      ...whole("other-changed", inWords(own(before.shared, name), own(after.shared, name))),
      place: [name],
    }));
}

function referencesIn(document: unknown): Set<string> {
  const found = new Set<string>();
  const waiting = [document];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const ref = own(value, "$ref");
    if (typeof ref === "string") found.add(ref);
    for (const inner of Object.values(value)) if (inner !== undefined) waiting.push(inner);
  }
  return found;
}

/** Two documents that are not equal are never told to be. */
const unseen = (before: Contract, after: Contract): PlacedChange[] =>
  same(before.document, after.document)
    ? []
    : [
        {
          ...whole("written-otherwise", "the documents are not equal, and no rule finds a difference"),
          place: [],
        },
      ];

interface Paired {
  pairs: (readonly [before: ContractOperation, after: ContractOperation])[];
  gone: readonly ContractOperation[];
  come: readonly ContractOperation[];
}

/** By where they are reached, which is what callers know; else by name. */
function paired(before: readonly ContractOperation[], after: readonly ContractOperation[]): Paired {
  const pairs: Paired["pairs"] = [];
  const pairBy = (key: "address" | "name", old: readonly ContractOperation[], now: ContractOperation[]) => {
    const waiting = new Map(now.map((one) => [one[key], one]));
    const gone = old.filter((one) => {
      const other = waiting.get(one[key]);
      if (other === undefined) return true;
      waiting.delete(one[key]);
      pairs.push([one, other]);
      return false;
    });
    const taken = new Set(pairs.map(([, one]) => one));
    return [gone, now.filter((one) => !taken.has(one))] as const;
  };
  const [restOld, restNow] = pairBy("address", before, [...after]);
  const [gone, come] = pairBy("name", restOld, restNow);
  return { pairs, gone, come };
}

/** A generation that is handed, in a protocol, what another one had, or itself in another protocol, and no longer what it had there. */
function movedForms(old: ContractOperation, now: ContractOperation, compare: CompareSchemas): PlacedChange[] {
  const [before, after] = [formsOf(old), formsOf(now)];
  return after.flatMap(({ generation, protocol, form }) => {
    const had = before.find((one) => one.generation === generation && one.protocol === protocol);
    if (had === undefined || compare(had.form, form).length === 0) return [];
    const isOfAnother = (one: Form) => one.generation !== generation && one.protocol === protocol;
    const isOfItself = (one: Form) => one.generation === generation && one.protocol !== protocol;
    const from = [...before.filter(isOfAnother), ...before.filter(isOfItself)].find(
      (one) => compare(one.form, form).length === 0,
    );
    if (from === undefined) return [];
    return [
      {
        ...whole(
          "form-moved",
          `${generation} is handed what ${from.generation} had in protocol ${from.protocol}`,
        ),
        place: ["operation", "forms", generation, protocol],
        position: "reply" as const,
      },
    ];
  });
}

interface Form {
  generation: string;
  protocol: string;
  form: unknown;
}

const formsOf = ({ says }: ContractOperation): Form[] =>
  Object.entries(fieldsIn(says["forms"])).flatMap(([generation, forms]) =>
    Object.entries(fieldsIn(forms)).map(([protocol, form]) => ({ generation, protocol, form })),
  );

function findingOf(change: PlacedChange, operation: string | null, uses: Uses): Finding {
  const { id, position, told } = change;
  const { severity, concerns } = changes[id];
  const place = placeOf(change, operation);
  const about = operation === null ? null : concernedOf(change, operation);
  const known = about === null ? [] : uses[concerns](about);
  const { field } = change;
  const identity = JSON.stringify([id, operation, place, told]);
  return {
    id,
    severity: byUse(severity[position], known),
    fingerprint: createHash("sha256").update(identity).digest("hex").slice(0, 12),
    operation,
    place,
    field,
    told,
    used: known.map(useInWords),
  };
}

/** What breaks only those who use it is to be judged where nobody on record does. */
const byUse = (severity: Severity, known: readonly Use[]): Severity =>
  severity === "breaks-consumer" && known.length > 0 && known.every(({ times }) => times === 0)
    ? "to-judge"
    : severity;

const useInWords = ({ consumer, how, times, of, what }: Use): string =>
  `${consumer} ${how} in ${times} of ${of} ${what}`;

function concernedOf({ place, field, position }: PlacedChange, operation: string): Concerned {
  const [, part, first] = place;
  return {
    operation,
    position,
    field,
    generation: part === "forms" ? (first ?? null) : null,
    reason: part === "reasons" ? (first ?? null) : null,
  };
}

/** `form v5 1: job.result_url`. */
function placeOf({ place, field }: PlacedChange, operation: string | null): string {
  const steps = operation === null ? place : place.slice(1);
  const at = field.reduce((path, step) => path + (path === "" || step.startsWith("[") ? "" : ".") + step, "");
  return [steps.join(" "), at].filter((part) => part !== "").join(": ");
}
