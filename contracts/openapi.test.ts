import { describe, expect, test } from "vitest";
import { statusOf } from "./errors.ts";
import { openApiDocument } from "./openapi.ts";
import { commonReasons, type Operation, pathParameters } from "./operation.ts";
import { operations } from "./operations.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: unknown;
}
interface Described {
  operationId: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content: Record<string, { schema: unknown }> }>;
}

/** As readers of the file get it: plain JSON. */
const document = JSON.parse(JSON.stringify(openApiDocument()));
const paths = document.paths as Record<string, Record<string, Described>>;
const all: Operation[] = Object.values(operations);

const describedAs = ({ method, path }: Operation): Described => {
  const place = path.replaceAll(/:([a-z_]+)/g, "{$1}");
  return paths[place]?.[method.toLowerCase()] as Described;
};

test("docs/openapi.json is the document (vitest -u writes it anew)", async () => {
  await expect(`${JSON.stringify(openApiDocument(), null, 2)}\n`).toMatchFileSnapshot("../docs/openapi.json");
});

test("it is OpenAPI 3.1 with what that needs", () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
});

test("it holds every operation, and no other", () => {
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  expect(ids.sort()).toEqual(Object.keys(operations).sort());
});

test("every $ref leads somewhere, and every component is referred to", () => {
  const refs = new Set(referencesIn(document));
  expect(refs.size).toBeGreaterThan(10);
  expect([...refs].filter((ref) => at(ref) === undefined)).toEqual([]);
  const schemas = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(schemas.filter((name) => !refs.has(name))).toEqual([]);
});

describe.each(all)("$id", (operation) => {
  const { method, path, audience, reasons, reply } = operation;

  test("declares each parameter of its path as required, and each other in the query", () => {
    const parameters = describedAs(operation).parameters ?? [];
    const inPath = parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name, required }) => [name, required])).toEqual(
      pathParameters(path).map((name) => [name, true]),
    );
    const others = parameters.filter((parameter) => parameter.in !== "path");
    expect(others.filter((parameter) => parameter.in !== "query" || method !== "GET")).toEqual([]);
    expect(parameters.every(({ schema }) => schema !== undefined)).toBe(true);
  });

  test("takes a body as POST, as JSON and as a form, and as PUT, as bytes", () => {
    const content = describedAs(operation).requestBody?.content;
    const types = {
      GET: [],
      POST: ["application/json", "application/x-www-form-urlencoded"],
      PUT: ["application/octet-stream"],
    };
    expect(Object.keys(content ?? {})).toEqual(content === undefined ? [] : types[method]);
    expect(content !== undefined || method !== "PUT").toBe(true);
  });

  test("says whose credential it needs", () => {
    expect(describedAs(operation).security).toEqual(audience === "public" ? [] : [{ [audience]: [] }]);
  });

  test("answers 200 with its reply and each refusal with the error body", () => {
    const { responses } = describedAs(operation);
    const refusals = [...commonReasons, ...reasons].map((reason) => String(statusOf[reason]));
    expect(Object.keys(responses).sort()).toEqual([...new Set(["200", ...refusals])].sort());
    const ok = Object.keys(responses["200"]?.content ?? {});
    expect(ok).toEqual(reply.kind === "file" ? reply.mediaTypes : ["application/json"]);
    for (const status of refusals) {
      expect(responses[status]?.content["application/json"]?.schema).toEqual({
        $ref: "#/components/schemas/Error",
      });
    }
  });
});

test("the credentials that operations need are declared", () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual(["customer", "worker"]);
});

test("the claim shows the forms of both generations and of both protocols", () => {
  const { responses } = describedAs(operations["worker.claim"]);
  expect(responses["200"]?.content["application/json"]?.schema).toEqual({
    anyOf: ["ClaimV5", "ClaimV6", "ClaimProtocol2"].map((name) => ({ $ref: `#/components/schemas/${name}` })),
  });
});

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "$ref" in value && typeof value.$ref === "string" ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function at(ref: string): unknown {
  const steps = ref.replace(/^#\//, "").split("/");
  return steps.reduce((value: Record<string, unknown> | undefined, step) => value?.[step] as never, document);
}
