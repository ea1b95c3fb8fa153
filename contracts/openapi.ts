import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { errorBody, statusOf } from "./errors.ts";
import { type Audience, commonReasons, type Operation, pathParameters } from "./operation.ts";
import { operations } from "./operations.ts";

const security: Record<Audience, Record<string, string[]>[]> = {
  public: [],
  customer: [{ customer: [] }],
  worker: [{ worker: [] }],
};

/** The contracts as an OpenAPI 3.1 document; `docs/openapi.json` is this, and a test compares the two. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of Object.values(operations) as Operation[]) {
    const path = operation.path.replace(/:([a-z_]+)/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Job service: customer and worker API",
      version: "1",
      description: "The worker side (/worker/v1) is Interlock's own definition; the real one is not public.",
    },
    components: {
      securitySchemes: {
        customer: { type: "apiKey", in: "header", name: "Authorization", description: "TD1 <apikey>" },
        worker: { type: "apiKey", in: "header", name: "Authorization", description: "Worker <token>" },
      },
    },
    paths,
  });
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const inPath = pathParameters(operation.path);
  const shape = (operation.input as z.ZodObject).shape;
  const rest = Object.fromEntries(Object.entries(shape).filter(([name]) => !inPath.includes(name)));
  const isPost = operation.method === "POST";
  const body = operation.audience === "worker" ? z.object(rest) : z.strictObject(rest);
  const bytes = { content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } } };
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: security[operation.audience],
    requestParams: {
      path: z.object(Object.fromEntries(inPath.map((name) => [name, shape[name] as z.ZodType]))),
      ...(operation.method === "GET" ? { query: z.object(rest) } : {}),
    },
    ...(operation.method === "PUT" ? { requestBody: bytes } : {}),
    ...(isPost && Object.keys(rest).length > 0
      ? {
          requestBody: {
            content: {
              "application/json": { schema: body },
              "application/x-www-form-urlencoded": { schema: body },
            },
          },
        }
      : {}),
    responses: { "200": successResponse(operation), ...errorResponses(operation) },
  } as ZodOpenApiOperationObject;
}

function successResponse({ reply }: Operation) {
  const content =
    reply.kind === "json"
      ? { "application/json": { schema: reply.schema } }
      : Object.fromEntries(
          reply.mediaTypes.map((type) => [type, { schema: { type: "string", format: "binary" } as const }]),
        );
  return { description: "Success", content };
}

function errorResponses(operation: Operation) {
  const statuses = new Map<number, string[]>();
  for (const reason of [...commonReasons, ...operation.reasons]) {
    statuses.set(statusOf[reason], [...(statuses.get(statusOf[reason]) ?? []), reason]);
  }
  return Object.fromEntries(
    [...statuses].map(([status, reasons]) => [
      String(status),
      { description: reasons.join(", "), content: { "application/json": { schema: errorBody } } },
    ]),
  );
}
