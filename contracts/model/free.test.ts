import { expect, test } from "vitest";
import { mostFileBytes } from "../file-body.ts";
import { operations } from "../operations.ts";
import { freedomOf, freedoms } from "./free.ts";

test("docs/contract.md lists what the model leaves free (vitest -u writes it anew)", async () => {
  const lines = freedoms.map(({ operations: of, side, field, refused, how, reason }) => {
    const where = of === "any" ? "any operation" : of.join(", ");
    return `- \`${field}\` of a ${refused === true ? "refused " : ""}${side} of ${where}, ${how}:
  ${reason}`;
  });
  const text = `# The contract as it is judged

Every call of every history is held against a model of the service (\`contracts/model\`): from what was asked and answered
before follows what can be answered now. A call that the model does not allow breaks invariant C. Calls that overlap may
have taken effect in any order, and calls without an answer at any later time or never: the model then allows what any of
these pasts explains. Of a job of which more than 256 pasts are possible nothing more is judged.

A 5xx that nobody caused on purpose is a departure, except for a claim that is told to come again. No refusal may hold the
password of a destination. Of databases and tables the model judges the names, and invariant I3 the columns of tables that
jobs make; their counts, times and flags are held against their schemas alone. Results are judged by their rows: json, csv
and tsv to the byte, msgpack and msgpack.gz by what is packed in them, parts by what the whole has there; how long
msgpack.gz is, is what jobs show as \`result_size\`. A result of more than ${mostFileBytes / 1024 / 1024} MiB is on record by its length alone
and counts as not judged. Pages of lists are judged by the places that jobs can have. Of jobs all fields are exact, but for these:

${lines.join("\n")}
`;
  await expect(text).toMatchFileSnapshot("../../docs/contract.md");
});

test("nothing of an operation that there is not is free", () => {
  const named = freedoms.flatMap((one) => (one.operations === "any" ? [] : one.operations));
  expect(named.filter((id) => !Object.hasOwn(operations, id))).toEqual([]);
});

test("a job in a list is as free as a job that is shown, and no more", () => {
  expect(freedomOf("job.list", "reply", ["jobs", "0", "cpu_time"], false)?.how).toBe("consistent");
  expect(freedomOf("job.list", "reply", ["jobs", "0", "status"], false)).toBeUndefined();
  expect(freedomOf("job.list", "reply", ["count"], false)).toBeUndefined();
  expect(freedomOf("job.show", "reply", ["text"], false)).toBeUndefined();
  expect(freedomOf("job.show", "reply", ["text"], true)?.how).toBe("free");
});
