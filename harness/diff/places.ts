import { fieldsIn, listIn } from "./json.ts";
import { lengthChange } from "./lengths.ts";
import type { ChangeId, Position } from "./severity.ts";

/** How what stands at a place is compared. */
export type Rule =
  /** A schema. */
  | { schema: Position; come?: ChangeId; gone?: ChangeId }
  /** A value as a whole. */
  | { fact: ChangeId | ((before: unknown, after: unknown) => ChangeId) }
  /** A list whose order means nothing. */
  | { set: { come: ChangeId; gone: ChangeId } }
  /** Something with parts that have rules of their own, which may come and go as a whole. */
  | { entry: Entry };

interface Entry {
  come: ChangeId | ((value: unknown) => ChangeId);
  gone: ChangeId | ((value: unknown) => ChangeId);
  /** Where it has no parts: another value; as if it were gone, where nothing is said. */
  other?: ChangeId;
}

const entry = (come: ChangeId, gone: ChangeId): Rule => ({ entry: { come, gone } });
const fact = (id: ChangeId): Rule => ({ fact: id });
const text = fact("text-changed");
const note = fact("note-changed");
const asked: Rule = { fact: (_, after) => (after === true ? "parameter-required" : "parameter-optional") };
const required = (value: unknown): boolean => fieldsIn(value)["required"] === true;

const lowerPath = (path: unknown): string => String(path).replaceAll(/:[A-Za-z_]\w*|\{[^}]*\}/g, "{}");

/** From what is exact to what is free. */
const freer: readonly (string | undefined)[] = [undefined, "consistent", "within a span", "free"];

const free: Rule = {
  fact: (before, after) =>
    freer.indexOf(after as string) > freer.indexOf(before as string)
      ? "promise-loosened"
      : "promise-tightened",
};

const ofApi = (duty: unknown): boolean => fieldsIn(duty)["who"] === "API";

/**
 * The places of a contract, by their steps; `*` is any one step, `**` all further ones. The first that fits counts. What
 * no rule fits is walked through, and told as `other-changed` where it differs.
 */
export const places: readonly (readonly [place: string, rule: Rule])[] = [
  ["operation/id", fact("operation-renamed")],
  ["operation/method", fact("method-changed")],
  [
    "operation/path",
    {
      fact: (before, after) =>
        lowerPath(before) === lowerPath(after) ? "path-parameter-renamed" : "path-changed",
    },
  ],
  [
    "operation/audience",
    { fact: (_, after) => (after === "public" ? "security-dropped" : "security-changed") },
  ],
  [
    "operation/security",
    {
      fact: (before, after) =>
        listIn(after).includes("anybody") && !listIn(before).includes("anybody")
          ? "security-dropped"
          : "security-changed",
    },
  ],
  ["operation/again", fact("idempotency-changed")],
  ["operation/meaning", fact("meaning-changed")],
  ["operation/input", { schema: "request" }],
  ["operation/reply/kind", fact("encoding-changed")],
  ["operation/reply/schema", { schema: "reply", come: "status-added", gone: "body-removed" }],
  ["operation/reply/mediaTypes", { set: { come: "media-type-added", gone: "media-type-removed" } }],
  ["operation/anyForm", fact("forms-listed")],
  ["operation/forms/*", entry("form-added", "form-removed")],
  ["operation/forms/*/*", { schema: "reply", come: "form-added", gone: "form-removed" }],
  [
    "operation/reasons/*",
    { entry: { come: "refusal-added", gone: "refusal-removed", other: "status-changed" } },
  ],
  ["operation/refusedTo/*", { fact: (_, after) => (after === null ? "access-opened" : "access-refused") }],
  [
    "operation/parameters/*",
    {
      entry: {
        come: (value) => (required(value) ? "required-parameter-added" : "parameter-added"),
        gone: "parameter-removed",
      },
    },
  ],
  ["operation/parameters/*/required", asked],
  ["operation/parameters/*/schema", { schema: "request" }],
  ["operation/parameters/*/content/*/schema", { schema: "request" }],
  ["operation/parameters/*/style", fact("encoding-changed")],
  ["operation/parameters/*/explode", fact("encoding-changed")],
  [
    "operation/requestBody",
    {
      entry: {
        come: (value) => (required(value) ? "required-parameter-added" : "body-added"),
        gone: "body-removed",
      },
    },
  ],
  ["operation/requestBody/required", asked],
  ["operation/requestBody/content/*", entry("media-type-added", "media-type-removed")],
  ["operation/requestBody/content/*/schema", { schema: "request" }],
  ["operation/requestBody/content/*/encoding/*/*/**", fact("encoding-changed")],
  [
    "operation/responses/*",
    {
      entry: {
        come: (value) => (isRefusal(value) ? "refusal-added" : "status-added"),
        gone: (value) => (isRefusal(value) ? "refusal-removed" : "status-removed"),
      },
    },
  ],
  ["operation/responses/*/status", fact("status-changed")],
  ["operation/responses/*/content/*", entry("media-type-added", "media-type-removed")],
  ["operation/responses/*/content/*/schema", { schema: "reply" }],
  ["operation/responses/*/headers/*", entry("header-added", "header-removed")],
  [
    "operation/responses/*/headers/*/required",
    { fact: (_, after) => (after === true ? "header-added" : "header-optional") },
  ],
  ["operation/responses/*/headers/*/schema", { schema: "reply" }],
  ["operation/tags", fact("document-changed")],
  ["operation/externalDocs/**", fact("document-changed")],
  ["operation/servers/**", fact("server-changed")],

  ["error", { schema: "reply" }],
  ["retryable", fact("retry-rule-changed")],
  ["protocols", { set: { come: "protocol-added", gone: "protocol-removed" } }],
  ["life/generations/*", { set: { come: "life-added", gone: "life-changed" } }],
  ["life/all", { set: { come: "life-added", gone: "life-changed" } }],
  ["life/**", entry("life-added", "life-changed")],
  ["destinations/*", entry("destination-added", "destination-removed")],
  ["destinations/*/schemes", { set: { come: "destination-added", gone: "destination-removed" } }],
  ["destinations/*/settings", { schema: "reply" }],
  ["destinations/*/meant/*", fact("value-meaning-changed")],
  ["destinations/*/mostRows", { fact: lengthChange }],
  ["results/*", entry("media-type-added", "media-type-removed")],
  ["limits/backOffs/*/baseMs", fact("back-off-changed")],
  ["limits/backOffs/*/capMs", fact("back-off-changed")],
  ["limits/**", { fact: lengthChange }],
  [
    "duties/*",
    {
      entry: {
        come: (duty) => (ofApi(duty) ? "responsibility-taken" : "responsibility-added"),
        gone: (duty) => (ofApi(duty) ? "responsibility-moved" : "responsibility-removed"),
      },
    },
  ],
  [
    "duties/*/who",
    { fact: (_, after) => (after === "API" ? "responsibility-taken" : "responsibility-moved") },
  ],
  ["duties/*/by", fact("responsibility-moved")],
  ["duties/*/before", fact("responsibility-moved")],
  ["duties/*/says", text],
  ["operation/free/*", free],
  ["free/*", free],
  ["consumers/*", entry("consumer-added", "consumer-removed")],
  ["consumers/*/interactions/*", entry("consumer-added", "consumer-removed")],
  ["consumers/*/interactions/*/reads", { schema: "needs" }],
  ["consumers/*/interactions/*/reply/**", note],
  ["consumers/*/interactions/**", fact("consumer-asks-otherwise")],

  ["securitySchemes/*", entry("document-changed", "security-changed")],
  ["info/description", text],
  ["info/**", fact("document-changed")],
  ["openapi", fact("document-changed")],
  ["tags/**", fact("document-changed")],
  ["externalDocs/**", fact("document-changed")],
  ["security/**", fact("document-changed")],
  ["servers/**", fact("server-changed")],
  ["**/description", text],
  ["**/summary", text],
  ["**/example", note],
  ["**/examples", note],
  ["**/deprecated", fact("deprecated")],
  ["securitySchemes/*/**", fact("security-changed")],
];

const isRefusal = (response: unknown): boolean =>
  /^(?:[45]|default)/i.test(String(fieldsIn(response)["status"]));

const patterns = places.map(([place, rule]) => ({ steps: place.split("/"), rule }));

/** The rule of a place; undefined where it has none of its own. `ofLeaves`: it is for what has no parts itself. */
export function ruleAt(place: readonly string[]): { rule: Rule; ofLeaves: boolean } | undefined {
  const found = patterns.find(({ steps }) => fits(steps, place));
  return found && { rule: found.rule, ofLeaves: found.steps.at(-1) === "**" };
}

function fits(pattern: readonly string[], place: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return place.length === 0;
  if (first === "**") {
    if (rest.length === 0) return true;
    return place.length >= rest.length && fits(rest, place.slice(-rest.length));
  }
  const [step, ...further] = place;
  return step !== undefined && (first === "*" || first === step) && fits(rest, further);
}
