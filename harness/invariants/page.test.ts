import { expect, test } from "vitest";
import { invariants } from "./index.ts";

const sections = invariants.map(
  ({ id, name, definition, isOfCalm }) =>
    `## ${id}: ${name}\n\n${definition}${isOfCalm === true ? " Judged without faults alone." : ""}\n`,
);

test("docs/invariants.md lists every invariant (vitest -u writes it anew)", async () => {
  await expect(`# Invariants

What is held against the history of every job, on every rig. A report names an invariant by its id. It is red where a history
contradicts it, with the events that do; a run also says which invariants no job has put to the test (\`not covered\`).
\`I12\`, \`L2\` and \`D\` speak of trouble: a matrix has no faults, so \`script/interlock explore\` puts them to the test.
[worker.md](worker.md#10-what-each-invariant-demands-of-a-worker) says what each demands of a worker. I10 compares whole runs
while releases change: [skew.md](skew.md) tells how.

${sections.join("\n")}`).toMatchFileSnapshot("../../docs/invariants.md");
});
