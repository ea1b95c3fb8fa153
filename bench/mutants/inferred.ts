import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Answered } from "./fuzz.ts";

/**
 * A schema diff of what builds answer: no build has a document of its own, so that one is inferred (genson-js) from the replies to the
 * same calls, and `@redocly/cli diff` holds it against that of the right build.
 */

// Peers have a folder of packages of their own, which only a bench installs.
const ofPeers = createRequire(new URL("../peers/package.json", import.meta.url));

/** An OpenAPI document of these replies, as text. */
export function inferredDocument(answers: readonly Answered[]): string {
  const { createCompoundSchema } = ofPeers("genson-js") as {
    createCompoundSchema: (values: readonly unknown[]) => object;
  };
  const paths: Record<string, Record<string, { responses: Record<string, object> }>> = {};
  const kinds = Map.groupBy(
    answers,
    ({ operation, status, mediaType }) => `${operation} ${status} ${mediaType}`,
  );
  for (const [, [first, ...rest]] of [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (first === undefined) continue;
    const { path, method, operation, status, mediaType } = first;
    const values = [first, ...rest].flatMap(({ json }) => (json === undefined ? [] : [json]));
    const schema = values.length === 0 ? {} : createCompoundSchema(values);
    const methods = (paths[path] ??= {});
    const told = (methods[method.toLowerCase()] ??= {
      operationId: operation,
      ...parametersOf(path),
      responses: {},
    } as { responses: Record<string, object> });
    told.responses[status] = {
      description: String(status),
      ...(mediaType === "" ? {} : { content: { [mediaType]: { schema } } }),
    };
  }
  return JSON.stringify({ openapi: "3.1.0", info: { title: "inferred", version: "1" }, paths }, null, 2);
}

const parametersOf = (path: string) => ({
  parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    in: "path",
    name,
    required: true,
    schema: { type: "string" },
  })),
});

const redocly = "bench/peers/node_modules/.bin/redocly";
const report = z.object({ changes: z.array(z.unknown()) });

/** How many changes the diff sees between two documents. */
export async function changesBetween(folder: string, old: string, now: string): Promise<number> {
  if (old === now) return 0;
  const files = [join(folder, "right.json"), join(folder, "build.json")] as const;
  await writeFile(files[0], old);
  await writeFile(files[1], now);
  const { stdout } = await execa(redocly, ["diff", "--format", "json", ...files], { reject: false });
  return report.parse(JSON.parse(stdout)).changes.length;
}
