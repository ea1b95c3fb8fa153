import type { Fields } from "./call.ts";
import type { JobFacts } from "./job-state.ts";

/** What the contract leaves to the service, and what must then stay as it was first seen. */
export type Learned = Map<string, unknown>;

/** By field of a look: under which name it is learned, and as what. */
const consistent: Readonly<
  Record<string, (facts: JobFacts, value: unknown) => [name: string, value: unknown] | null>
> = {
  // A customer has one name.
  user_name: ({ account }, value) => (account === null ? null : [`user of ${account.name}`, value]),
  // A place that a person can visit: the same for all jobs, but for the job's id.
  url: ({ id }, value) => ["url", String(value).replaceAll(id, ":id")],
};

/** What a look says of such fields: field, name and value. */
function* consistentIn(
  facts: JobFacts,
  reply: Fields,
): Generator<[field: string, name: string, value: unknown]> {
  for (const [field, as] of Object.entries(consistent)) {
    const entry = field in reply ? as(facts, reply[field]) : null;
    if (entry !== null) yield [field, ...entry];
  }
}

export function learn(learned: Learned, facts: JobFacts, reply: Fields): void {
  for (const [, name, value] of consistentIn(facts, reply)) if (!learned.has(name)) learned.set(name, value);
}

/** The field that is not as it was first seen; null where all are. */
export function unlike(learned: Learned, facts: JobFacts, reply: Fields): string | null {
  for (const [field, name, value] of consistentIn(facts, reply))
    if (learned.has(name) && learned.get(name) !== value) return field;
  return null;
}
