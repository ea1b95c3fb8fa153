import type { Fields } from "./json.ts";

/** A document as it is compared: operations by where they are reached, and what is said besides. */
export interface Contract {
  kind: "contract set" | "OpenAPI document";
  /** What `$ref`s are looked up in. */
  document: Fields;
  operations: readonly ContractOperation[];
  /** What others refer to, by its pointer. */
  shared: Fields;
  /** All else; places in it have rules in places.ts. */
  facts: Fields;
}

export interface ContractOperation {
  /** Its id, or method and path where it has none. */
  name: string;
  /** Method and path, parts of the path that are parameters by their place. */
  address: string;
  /** Whatever it says, by places that have rules in places.ts. */
  says: Fields;
}
