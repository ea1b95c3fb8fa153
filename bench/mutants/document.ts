import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Schema } from "./arbitrary.ts";

/** The document of the API, as anybody has it, and what it says of requests and replies. */

const file = "docs/openapi.json";

interface Content {
  content?: Readonly<Record<string, { schema?: Schema }>>;
}

export interface DocumentedOperation {
  id: string;
  method: string;
  path: string;
  parameters: readonly { in: string; name: string; required?: boolean; schema: Schema }[];
  requestBody?: Content;
  responses: Readonly<Record<string, Content>>;
  /** The scheme of its credential; null where it needs none. */
  scheme: string | null;
}

interface Document {
  paths: Record<string, Record<string, Omit<DocumentedOperation, "id" | "scheme"> & Told>>;
  components: { schemas: Record<string, Schema> };
}

interface Told {
  operationId: string;
  security?: readonly Record<string, unknown>[];
  parameters?: DocumentedOperation["parameters"];
}

export const document = JSON.parse(readFileSync(file, "utf8")) as Document;
export const schemas = document.components.schemas;

export const documented: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({
      ...told,
      id: told.operationId,
      method: method.toUpperCase(),
      path,
      parameters: told.parameters ?? [],
      scheme: Object.keys(told.security?.[0] ?? {})[0] ?? null,
    })),
);

/** Of a value: whether the document allows it there. */
export type Allows = (value: unknown) => boolean;

interface Ajv {
  addSchema: (schema: object, key: string) => void;
  compile: (schema: object) => Allows;
}
// Peers have a folder of packages of their own, which only a bench installs.
const ofPeers = createRequire(new URL("../peers/package.json", import.meta.url));

/** What says by ajv, and by the document alone, whether a value may stand in a place of it. */
export function allowsIn(): (...place: readonly string[]) => Allows {
  const { Ajv2020 } = ofPeers("ajv/dist/2020") as { Ajv2020: new (options: object) => Ajv };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "document");
  const known = new Map<string, Allows>();
  return (...place) => {
    const pointer = place.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    const found = known.get(pointer) ?? ajv.compile({ $ref: `document#/${encodeURI(pointer)}` });
    known.set(pointer, found);
    return found;
  };
}
