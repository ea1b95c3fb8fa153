/**
 * Whom a change breaks. A consumer is whoever calls (a worker, a customer) and was right under the old contract; a provider
 * is the service. `to-judge`: the contract does not say; somebody has to look at it.
 */
export const severities = ["breaks-consumer", "breaks-provider", "to-judge", "compatible"] as const;
export type Severity = (typeof severities)[number];

/** What a schema speaks of. `needs`: what a consumer's own contract asks of a reply, so that more of it is the provider's task. */
export type Position = "request" | "reply" | "needs";

type ByPosition = Readonly<Record<Position, Severity>>;

/** Fewer values are allowed than before. */
const narrowed: ByPosition = {
  request: "breaks-consumer",
  reply: "compatible",
  needs: "breaks-provider",
};
/** More values are allowed than before. */
const widened: ByPosition = { request: "compatible", reply: "breaks-consumer", needs: "compatible" };
/** Other values are allowed, or nobody can tell which are more. */
const replaced: ByPosition = {
  request: "breaks-consumer",
  reply: "breaks-consumer",
  needs: "breaks-provider",
};
const everywhere = (severity: Severity): ByPosition => ({
  request: severity,
  reply: severity,
  needs: severity,
});

/** A kind of change: what it says, how bad it is, and whether it concerns all who call or those who use the field. */
export interface Change {
  says: string;
  severity: ByPosition;
  concerns: "field" | "callers";
}

const field = (says: string, severity: ByPosition): Change => ({ says, severity, concerns: "field" });
const callers = (says: string, severity: ByPosition): Change => ({ says, severity, concerns: "callers" });

/** What schemas can differ in. */
export const schemaChanges = {
  "field-added": field("an object that is open has another field", everywhere("compatible")),
  "field-added-to-closed": callers("an object that took no other field has another one", {
    ...widened,
  }),
  "required-field-added": callers("another field must be there", narrowed),
  "required-field-added-to-closed": callers("the same in an object that took no other field", replaced),
  "field-removed": field("a field is gone", {
    request: "breaks-consumer",
    reply: "breaks-consumer",
    needs: "compatible",
  }),
  "field-moved": field("a field is gone, and one of the same name and schema is elsewhere", replaced),
  "required-added": field("a field that was optional must be there", narrowed),
  "required-removed": field("a field may be missing now", widened),
  "closed-object-opened": callers("an object takes fields that it does not name", widened),
  "open-object-closed": callers("an object takes no further field", narrowed),
  "type-narrowed": field("fewer types are allowed", narrowed),
  "type-widened": field("more types are allowed", widened),
  "type-changed": field("another type", replaced),
  "null-added": field("null is allowed", widened),
  "null-removed": field("null is not allowed any longer", narrowed),
  "value-added": field("a list of values has another one", widened),
  "value-removed": field("a list of values has one less", narrowed),
  "values-limited": field("only listed values are allowed now", narrowed),
  "values-freed": field("not only listed values are allowed now", widened),
  "bound-tightened": field("a bound of a number, text, list or object is closer", narrowed),
  "bound-loosened": field("a bound is further away, or gone", widened),
  "pattern-added": field("a pattern, format or encoding is asked for", narrowed),
  "pattern-removed": field("a pattern, format or encoding is no longer asked for", widened),
  "pattern-changed": field("another pattern, format or encoding", replaced),
  "positions-changed": field("a list of fixed places has more or fewer of them", replaced),
  "alternative-added": field("another alternative (anyOf, oneOf)", widened),
  "alternative-removed": field("an alternative is gone", narrowed),
  "condition-added": field("another condition (allOf, dependencies)", narrowed),
  "condition-removed": field("a condition is gone", widened),
  "condition-changed": field("if, not, or which of its keywords combines schemas", replaced),
  "default-changed": callers("what is meant where nothing is said", replaced),
  deprecated: field("marked as deprecated, or no longer", everywhere("compatible")),
  "keyword-changed": field("a keyword that has no rule of its own", everywhere("to-judge")),
  "text-changed": field("a description: what is meant may be another thing", everywhere("to-judge")),
  "note-changed": field("a title, comment or example", everywhere("compatible")),
  "more-changes": field("more changes at one place than are told", replaced),
} as const satisfies Readonly<Record<string, Change>>;

const fact = (says: string, severity: Severity, concerns: Change["concerns"] = "callers"): Change => ({
  says,
  severity: everywhere(severity),
  concerns,
});

/** What contracts can differ in besides. */
export const factChanges = {
  "operation-added": fact("another operation", "compatible"),
  "operation-removed": fact("an operation is gone", "breaks-consumer"),
  "operation-renamed": fact("the same method and path under another id", "to-judge"),
  "method-changed": fact("another method", "breaks-consumer"),
  "path-changed": fact("another path", "breaks-consumer"),
  "path-parameter-renamed": fact("another name for a part of the path", "compatible"),
  "security-dropped": fact("a credential is no longer asked for", "breaks-consumer"),
  "security-changed": fact("another credential is asked for", "breaks-consumer"),
  "access-opened": fact("somebody is let in who was refused", "breaks-consumer"),
  "access-refused": fact("somebody is refused, or otherwise refused, than before", "breaks-consumer"),
  "parameter-added": fact("another optional parameter", "compatible"),
  "required-parameter-added": fact("another parameter that must be there", "breaks-consumer"),
  "parameter-removed": fact("a parameter is gone", "breaks-consumer"),
  "parameter-required": fact("a parameter or body that was optional must be there", "breaks-consumer"),
  "parameter-optional": fact("a parameter or body may be left out", "compatible"),
  "encoding-changed": fact("a parameter or body is written otherwise", "breaks-consumer"),
  "body-added": fact("another optional body", "compatible"),
  "body-removed": fact("a body is no longer taken or given", "breaks-consumer"),
  "media-type-added": fact("another media type", "compatible"),
  "media-type-removed": fact("a media type is gone", "breaks-consumer"),
  "header-added": fact("another header of a reply", "compatible"),
  "header-removed": fact("a header of a reply is gone", "breaks-consumer"),
  "header-optional": fact("a header of a reply may be missing", "breaks-consumer"),
  "status-added": fact("another status of success or a redirect", "breaks-consumer"),
  "status-removed": fact("a status of success is gone", "breaks-consumer"),
  "status-changed": fact("a refusal has another status", "breaks-consumer", "field"),
  "refusal-added": fact("another refusal", "to-judge"),
  "refusal-removed": fact("a refusal is gone that callers may decide on", "breaks-consumer", "field"),
  "retry-rule-changed": fact("other statuses may be asked again", "breaks-consumer"),
  "idempotency-changed": fact("what the same request does a second time", "breaks-consumer"),
  "meaning-changed": fact("what the operation means in a job's life", "breaks-consumer"),
  "form-added": fact("another form for a generation and protocol", "compatible"),
  "form-removed": fact("the form of a generation and protocol is gone", "breaks-consumer"),
  "form-moved": fact("a generation is handed the form of another one or protocol", "breaks-consumer"),
  "forms-listed": fact("which forms there are; each is compared by itself", "compatible"),
  "protocol-added": fact("another protocol", "compatible"),
  "protocol-removed": fact("a protocol is gone", "breaks-consumer"),
  "limit-shortened": fact("a lease, time-out or back-off is shorter", "breaks-consumer"),
  "limit-lengthened": fact("a lease, time-out or back-off is longer", "to-judge"),
  "limit-changed": fact("a lease, time-out or back-off is another", "breaks-consumer"),
  "back-off-changed": fact("how soon callers try again, which they may choose", "to-judge"),
  "responsibility-moved": fact("somebody else has to do it, or at another moment", "breaks-consumer"),
  "responsibility-taken": fact("the service has to do what its callers did", "breaks-provider"),
  "responsibility-added": fact("another duty of callers", "breaks-consumer"),
  "responsibility-removed": fact("a duty is nobody's any longer", "breaks-provider"),
  "life-changed": fact("states of a job, their order, or who runs what", "breaks-consumer"),
  "life-added": fact("another state, move, engine or generation", "to-judge"),
  "destination-added": fact("another kind or scheme of destination", "compatible"),
  "destination-removed": fact("a kind or scheme of destination is gone", "breaks-consumer"),
  "value-meaning-changed": fact("the same text means another thing", "breaks-consumer"),
  "promise-loosened": fact("what was exact is free, or freer", "breaks-consumer"),
  "promise-tightened": fact("what was free is exact, or less free", "breaks-provider"),
  "consumer-added": fact("another consumer contract, or interaction of one", "to-judge"),
  "consumer-removed": fact("a consumer contract, or an interaction of one, is gone", "to-judge"),
  "consumer-asks-otherwise": fact("a consumer sends another request", "breaks-provider"),
  "server-changed": fact("other addresses of the service", "to-judge"),
  "document-changed": fact("its version, title or tags", "compatible"),
  "written-otherwise": fact("the same in other words of JSON Schema or OpenAPI", "compatible"),
  "other-changed": fact("something that has no rule of its own", "to-judge"),
} as const satisfies Readonly<Record<string, Change>>;

export const changes = { ...schemaChanges, ...factChanges };
export type ChangeId = keyof typeof changes;
