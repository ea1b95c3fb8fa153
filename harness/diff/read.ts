import { beyondLimits } from "../../contracts/bounds/json.ts";
import { repeatedKey } from "../../contracts/bounds/repeated-key.ts";
import { contractSetVersion } from "../../contracts/set/contract-set.ts";
import { reasonOf } from "../errors.ts";
import type { Contract } from "./contract.ts";
import { type Fields, isFields } from "./json.ts";
import { isOpenApi, readOpenApi } from "./read-openapi.ts";
import { readSet } from "./read-set.ts";
import { Unreadable } from "./unreadable.ts";

/** What a document may measure. */
export const contractLimits = { bytes: 256 * 2 ** 20, depth: 200 } as const;

const kinds = "a contract set or an OpenAPI document, as JSON";
const write = "write one: interlock contracts --out FILE";

/** A document of either kind. Throws Unreadable for all else: what cannot be read is never the same as something. */
export function readContract(bytes: Uint8Array): Contract {
  const document = parsed(bytes);
  return isOpenApi(document) ? readOpenApi(document) : readSet(knownSet(document));
}

function parsed(bytes: Uint8Array): Fields {
  const text = textOf(bytes).replace(/^\uFEFF/, "");
  if (text.trim() === "") throw new Unreadable(kinds, "it is empty", write);
  const beyond = beyondLimits(bytes, contractLimits);
  if (beyond !== null) throw new Unreadable(kinds, `it has ${beyond}`, "write the schemas flatter");
  const document = jsonOf(text);
  const twice = repeatedKey(text);
  if (twice !== null)
    throw new Unreadable(
      "each key of an object once",
      `${JSON.stringify(twice)} stands twice`,
      "take out the one that is not meant",
    );
  if (!isFields(document))
    throw new Unreadable(
      kinds,
      `it is ${Array.isArray(document) ? "a list" : JSON.stringify(document)}`,
      write,
    );
  return document;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(kinds, "it is no text in UTF-8", write);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const isYaml = /^\s*(?:---|["']?(?:openapi|swagger|format)["']?\s*:)/.test(text);
    const next = isYaml ? "convert the YAML to JSON first" : "take the whole file; it may be cut";
    throw new Unreadable(kinds, `it is no JSON: ${reasonOf(error).replaceAll(/\s+/g, " ")}`, next);
  }
}

function knownSet(document: Fields): Fields {
  const { format, version } = document;
  if (format !== "interlock-contracts") {
    const keys = Object.keys(document).slice(0, 5).join(", ") || "nothing";
    throw new Unreadable(kinds, `it is neither; it has ${keys}`, write);
  }
  if (typeof version === "number" && version > contractSetVersion)
    throw new Unreadable(
      `a contract set of version ${contractSetVersion} or older`,
      `version ${version} was made by a newer Interlock`,
      "take the newer one",
    );
  if (version !== contractSetVersion)
    throw new Unreadable(
      `a contract set of version ${contractSetVersion}`,
      `its version is ${JSON.stringify(version)}`,
      write,
    );
  return document;
}
