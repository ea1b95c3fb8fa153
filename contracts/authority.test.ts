import { expect, test } from "vitest";
import { refusedTo, standings } from "./authority.ts";
import { statusOf } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";

test("docs/authority.md shows who may call what (vitest -u writes it anew)", async () => {
  const cell = (operation: Operation, standing: (typeof standings)[number]) => {
    const reason = refusedTo(operation, standing);
    return reason === null ? "yes" : String(statusOf[reason]);
  };
  const rows = Object.values(operations).map((operation) => [
    operation.id,
    ...standings.map((standing) => cell(operation, standing)),
  ]);
  const heads = ["operation", ...standings];
  const widths = heads.map((_, i) => Math.max(...[heads, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => text.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const table = [heads, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
  await expect(`# Who may call what

The probe tries every operation with every credential. A number is the status of the refusal; a refused call has no effect.
\`own\` is the customer whose job, database or table it is, or the generation that runs the job or the engines; \`foreign\`
is another one. What names nothing of another customer (a list, an issue) is for every customer.

${table}
`).toMatchFileSnapshot("../docs/authority.md");
});

test("every operation is for somebody, and nothing but what is public for those without a credential", () => {
  for (const operation of Object.values(operations)) {
    expect(standings.filter((standing) => refusedTo(operation, standing) === null)).not.toEqual([]);
    expect(refusedTo(operation, "none") === null).toBe(operation.audience === "public");
  }
});
