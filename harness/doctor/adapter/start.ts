import type { ComponentTrouble } from "../../errors.ts";
import { type Checks, type Finding, fail, listed, ok, unknown } from "../check.ts";

/** A system that was brought up as the config says: which of its components came to be ready. */
export interface StartFacts {
  /** What is to run, by its name in a run, and how far it came; `left` where something before it stood in the way. */
  parts: readonly { kind: "mysql" | "api" | "worker" | "destination"; name: string; outcome: Outcome }[];
  /** What else came in the way, before all was looked at. */
  trouble: ComponentTrouble | null;
}

export type Outcome = "ready" | "left" | ComponentTrouble;

const inWords = ({ component, expected, happened }: ComponentTrouble): string =>
  `${component}: expected ${expected}, but ${happened}`;

const readyAre =
  (kind: StartFacts["parts"][number]["kind"]) =>
  ({ parts }: StartFacts): Finding => {
    const all = parts.filter((part) => part.kind === kind);
    const troubles = all.flatMap(({ outcome }) => (typeof outcome === "string" ? [] : [outcome]));
    if (troubles[0] !== undefined) return fail(troubles.map(inWords).join("\n"), troubles[0].next);
    if (all.length === 0) return unknown("the config names none");
    const left = all.filter(({ outcome }) => outcome === "left");
    return left.length === 0
      ? ok(listed(all.map(({ name }) => name)))
      : unknown(`it did not come to ${listed(left.map(({ name }) => name))}`);
  };

export const startChecks = {
  "mysql-starts": {
    expected: "a MySQL server that lets the oracle's account in",
    why: "the API and the workers are started when it is there",
    judge: readyAre("mysql"),
  },
  "api-starts": {
    expected: "200 from /v3/system/server_status, and from /version the digest of the image's label",
    why: "a run waits for it, and tells by the digest which build it tried",
    judge: readyAre("api"),
  },
  "workers-start": {
    expected: "from each worker a claim as its generation, for its engines, that is answered",
    why: "a run waits for it, and tells by the claim which build it tried",
    judge: readyAre("worker"),
  },
  "destinations-start": {
    expected: "an answer of each destination",
    why: "a run waits for those that its cells deliver to",
    judge: readyAre("destination"),
  },
  "stays-up": {
    expected: "nothing else to end the system before all was looked at",
    why: "a component that ends by itself ends a run",
    judge: ({ trouble, parts }) => {
      if (trouble !== null) return fail(inWords(trouble), trouble.next);
      return parts.some(({ outcome }) => outcome === "left")
        ? unknown("it did not come up")
        : ok(`${parts.length} components`);
    },
  },
} as const satisfies Checks<StartFacts>;
