import { type Fields, fieldsIn, isFields, listIn, own } from "./json.ts";
import { followed } from "./schema/resolve.ts";
import type { Position } from "./severity.ts";

/** How often one consumer uses a part of an operation, of how often it was on record. */
export interface Use {
  consumer: string;
  times: number;
  of: number;
  /** `reads it`, with what is counted: `interactions` of a contract, or `scenarios` of recorded reads. */
  how: string;
  what: string;
}

/** What a change is about. */
export interface Concerned {
  operation: string;
  position: Position;
  /** Fields from the whole down. */
  field: readonly string[];
  /** The generation whose form it is; null where all see it. */
  generation: string | null;
  /** The refusal that it is about. */
  reason: string | null;
}

/** Who uses what: `field` the part itself, `callers` the operation. */
export interface Uses {
  field: (concerned: Concerned) => readonly Use[];
  callers: (concerned: Concerned) => readonly Use[];
}

/** By the consumer contracts of a contract set: an interaction uses what it reads of a reply and what it sends. */
export function declaredUses(document: Fields): Uses {
  const consumers = Object.entries(fieldsIn(document["consumers"])).map(([consumer, contract]) => ({
    consumer,
    generation: own(contract, "generation"),
    interactions: Object.values(fieldsIn(own(contract, "interactions"))).map(fieldsIn),
  }));
  const who = ({ generation: form }: Concerned) =>
    consumers.filter(({ generation }) => form === null || generation === form);
  const what = "interactions";
  return {
    callers: (concerned) =>
      who(concerned)
        .map(({ consumer, interactions }) => {
          const times = interactions.filter(({ operation }) => operation === concerned.operation).length;
          return { consumer, times, of: interactions.length, how: "makes the call", what };
        })
        .filter(({ times }) => times > 0),
    field: (concerned) =>
      who(concerned)
        .map(({ consumer, interactions }) => {
          const own = interactions.filter(({ operation }) => operation === concerned.operation);
          const times = own.filter((interaction) => isUsed(document, interaction, concerned)).length;
          const how = concerned.position === "request" ? "sends it" : "reads it";
          return { consumer, times, of: own.length, how, what };
        })
        .filter(({ of }) => of > 0),
  };
}

function isUsed(document: Fields, interaction: Fields, { position, field, reason }: Concerned): boolean {
  if (reason !== null) return own(own(interaction["reply"], "details"), "reason") === reason;
  const steps = field.filter(isOfField);
  return position === "request"
    ? isSent(interaction["send"], steps)
    : isRead(document, interaction["reads"], steps);
}

/** Steps such as `then` or `with a` stay at the same value. */
const isOfField = (step: string): boolean => !/^(?:then|else|with .*)$/.test(step);
const isItem = (step: string): boolean => /^\[.*\]$/.test(step);

/** The job that an interaction is about is in the path of each of its calls. */
const isSent = (sent: unknown, steps: readonly string[]): boolean => {
  const [first, ...rest] = steps;
  if (first === undefined || /^\{\d+\}$/.test(first)) return true;
  if (isItem(first)) return listIn(sent).some((item) => isSent(item, rest));
  return isFields(sent) && Object.hasOwn(sent, first) && isSent(sent[first], rest);
};

/** Whether what a consumer reads, as a schema, says something of a field: of it, of a part of it, or of the whole as one value. */
function isRead(document: Fields, reads: unknown, steps: readonly string[]): boolean {
  const schema = fieldsIn(followed(document, reads));
  const [first, ...rest] = steps;
  if (first === undefined) return Object.keys(schema).length > 0;
  const branches = [...listIn(schema["anyOf"]), ...listIn(schema["oneOf"]), ...listIn(schema["allOf"])];
  if (branches.some((branch) => isRead(document, branch, steps))) return true;
  const inner = isItem(first)
    ? [schema["items"], ...listIn(schema["prefixItems"])]
    : [own(schema["properties"], first)];
  return inner.some((part) => part !== undefined && part !== false && isRead(document, part, rest));
}
