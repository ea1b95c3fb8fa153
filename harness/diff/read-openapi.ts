import type { Contract, ContractOperation } from "./contract.ts";
import { type Fields, fieldsIn, isFields, keysOf, listIn, objectOf, own } from "./json.ts";
import { followed, pointer } from "./schema/resolve.ts";
import { Unreadable } from "./unreadable.ts";

const methods: ReadonlySet<string> = new Set([
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "trace",
  "query",
]);

/** An OpenAPI document, 3.0 to 3.2. */
export function readOpenApi(document: Fields): Contract {
  const { openapi, paths, components, ...rest } = document;
  if (typeof openapi !== "string" || !/^3\.[0-2](\.|$)/.test(openapi))
    throw new Unreadable(
      "OpenAPI 3.0, 3.1 or 3.2",
      `it is ${JSON.stringify(openapi ?? document["swagger"])}`,
      "write the document in one of these",
    );
  const operations = Object.entries(fieldsIn(paths)).flatMap(([path, item]) =>
    operationsOf(document, path, fieldsIn(followed(document, item))),
  );
  if (operations.length === 0)
    throw new Unreadable("operations in an OpenAPI document", "it has none", "take the whole document");
  const { securitySchemes, ...others } = fieldsIn(components);
  return {
    kind: "OpenAPI document",
    document,
    operations,
    shared: objectOf(
      Object.entries(others).flatMap(([kind, named]) =>
        Object.entries(fieldsIn(named)).map(([name, value]) => [
          `#/components/${pointer(kind)}/${pointer(name)}`,
          value,
        ]),
      ),
    ),
    facts: {
      ...rest,
      openapi,
      securitySchemes,
      paths: extensionsOf(fieldsIn(paths)),
      components: extensionsOf(others),
    },
  };
}

/** All else is compared where a path or a `$ref` leads to it. */
const extensionsOf = (fields: Fields): Fields =>
  objectOf(Object.entries(fields).filter(([name]) => name.startsWith("x-")));

function operationsOf(document: Fields, path: string, item: Fields): ContractOperation[] {
  const shared = objectOf(Object.entries(item).filter(([key]) => !methods.has(key) && key !== "parameters"));
  return Object.entries(item)
    .filter(([key]) => methods.has(key))
    .map(([method, given]) => {
      const operation = fieldsIn(given);
      const { operationId, ...rest } = operation;
      const address = `${method.toUpperCase()} ${path}`;
      const parameters = [...listIn(item["parameters"]), ...listIn(operation["parameters"])];
      return {
        name: typeof operationId === "string" && operationId !== "" ? operationId : address,
        address: address.replaceAll(/\{[^}]*\}/g, "{}"),
        says: {
          ...shared,
          ...rest,
          id: operationId,
          method: method.toUpperCase(),
          path,
          parameters: parametersOf(document, path, parameters),
          requestBody: bodyOf(document, operation["requestBody"]),
          responses: objectOf(
            Object.entries(fieldsIn(operation["responses"])).map(([status, response]) => [
              status,
              responseOf(document, response, status),
            ]),
          ),
          security: securityOf(operation["security"] ?? document["security"]),
        },
      };
    });
}

/** Parameters by where they stand and their name; those of the path by their place. A later one replaces an earlier one. */
function parametersOf(document: Fields, path: string, parameters: readonly unknown[]): Fields {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  return objectOf(
    parameters.map((given) => {
      const { name, in: where, ...rest } = fieldsIn(followed(document, given));
      const place = names.indexOf(String(name));
      const known = where === "path" && place !== -1 ? `{${place + 1}}` : String(name);
      const key = where === "header" ? known.toLowerCase() : known;
      return [`${String(where)} ${key}`, { ...rest, required: rest["required"] === true }];
    }),
  );
}

function bodyOf(document: Fields, given: unknown): unknown {
  if (given === undefined) return undefined;
  const body = fieldsIn(followed(document, given));
  return { ...body, required: body["required"] === true };
}

function responseOf(document: Fields, given: unknown, status: string): Fields {
  const { headers, ...response } = fieldsIn(followed(document, given));
  return {
    ...response,
    status,
    headers: objectOf(
      Object.entries(fieldsIn(headers)).map(([name, header]) => {
        const plain = fieldsIn(followed(document, header));
        return [name.toLowerCase(), { ...plain, required: plain["required"] === true }];
      }),
    ),
  };
}

/** Each way of being let in, as the schemes that it asks for; `anybody` asks for none. */
function securityOf(security: unknown): string[] {
  const ways = listIn(security).map((way) =>
    keysOf(fieldsIn(way), {})
      .map((scheme) => {
        const scopes = listIn(own(way, scheme)).map(String);
        return scopes.length === 0 ? scheme : `${scheme} (${scopes.toSorted().join(", ")})`;
      })
      .toSorted()
      .join(" and "),
  );
  return ways.length === 0 ? ["anybody"] : ways.map((way) => way || "anybody").toSorted();
}

export const isOpenApi = (document: unknown): boolean =>
  isFields(document) && ("openapi" in document || "swagger" in document);
