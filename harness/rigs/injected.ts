import type { Reply } from "../../contracts/in-process.ts";

/** How a life that begins after a death is told of in the history. */
export const startedHow = (release: string | undefined): string =>
  release === undefined ? "again" : `as release ${release}`;

/** The same of one that begins beside another, which it is to replace. */
export const startedBeside = (other: string, release: string | undefined): string =>
  `${release === undefined ? "" : `as release ${release} `}beside ${other}`;

/** An answer that the service never gave, in the form of the contracts. */
export const answerOf = (status: number): Reply => ({
  status,
  body: { error: `status ${status}`, text: `status ${status} by an injected fault`, severity: "error" },
});
