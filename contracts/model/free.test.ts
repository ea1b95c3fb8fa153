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

A 5xx that nobody caused on purpose is a departure, except for a claim that is told to come again. Where all that
was broken is what MySQL itself refused, with its reason, 503 is an answer and 500 a departure. No refusal and no message
of a worker may hold the password of a destination, and what an attempt has said in a report or receipt that was taken it
says again or not at all. Invariant I3 holds the columns of tables that jobs make against the warehouse. Pages of lists are
judged by the places that jobs can have. All fields are exact, but for these:

${lines.join("\n")}

## Results

A result is judged by its rows: json, csv and tsv to the byte, msgpack and msgpack.gz by what is packed in them. Where
nobody knows the rows, their number is the one that was reported, and all formats hold the same.

- json: each row an array without white space, and a line feed.
- csv: cells joined by commas, and a line feed. Null is an empty cell; empty text, and text with a comma, a quote, a line
  feed or a carriage return, stands in quotes, its own quotes doubled.
- tsv, the format where none is asked for: cells joined by tabs, and a line feed. Null is \`\\N\`; tab, line feed, carriage
  return and backslash are \`\\t \\n \\r \\\\\`.
- Numbers and booleans are written as JavaScript writes them. \`header=true\` puts the names of the columns before the rows:
  a line of csv and tsv, an array of json and msgpack.
- msgpack: each row an array, one after the other; integers of any width, doubles as float 64 or as equal integers.
  msgpack.gz: the same through gzip; its length is what jobs show as \`result_size\`.
- Media types are compared as HTTP has it. Each file has an ETag that stays; of one job, files with other
  bytes have other ETags, with and without a header too.
- A Range is answered with exactly its bytes (206, with \`content-range\`), or with the whole (200); with the whole where
  If-Range names another version; with 416 and \`content-range: bytes */size\` where the file has none of them.

A result of more than ${mostFileBytes / 1024 / 1024} MiB is on record by its length alone and counts as not judged.
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
