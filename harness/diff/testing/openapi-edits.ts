import type { EditCase } from "./edited.ts";

/** Edits of the contracts themselves, as an OpenAPI document, with what each is found by. */

const issue = ["paths", "/v3/job/issue/{type}/{database}", "post"] as const;
const show = ["paths", "/v3/job/show/{job_id}", "get"] as const;
const body = [...issue, "requestBody", "content", "application/json", "schema"] as const;

export const openApiEdits: EditCase[] = [
  [
    "a field of a reply is gone",
    (at) => at("components", "schemas", "Job", "properties", "query").remove(),
    ["breaks-consumer field-removed"],
  ],
  [
    "v5's form has v6's field",
    (at) => {
      const job = ["components", "schemas", "ClaimV5", "properties", "job", "anyOf", 0] as const;
      at(...job, "properties", "result_url").remove();
      at(...job, "properties", "result_settings").set({ type: "object" });
    },
    ["breaks-consumer field-added-to-closed", "breaks-consumer field-removed"],
  ],
  [
    "a request needs another field",
    (at) => {
      at(...body, "properties", "why").set({ type: "string" });
      at(...body, "required").push("why");
    },
    ["breaks-consumer required-field-added-to-closed"],
  ],
  [
    "a request takes one value less",
    (at) => at(...issue, "parameters", 0, "schema", "enum").without("hive"),
    ["breaks-consumer value-removed"],
  ],
  [
    "a reply has another value",
    (at) => at("components", "schemas", "TerminalStatus", "enum").push("lost"),
    ["breaks-consumer value-added", "compatible value-added"],
  ],
  [
    "404 is 410",
    (at) => {
      at(...show, "responses", "410").set(at(...show, "responses", "404").value);
      at(...show, "responses", "404").remove();
    },
    ["breaks-consumer refusal-removed", "to-judge refusal-added"],
  ],
  ["409 is gone", (at) => at(...issue, "responses", "409").remove(), ["breaks-consumer refusal-removed"]],
  [
    "a closed reply has another field",
    (at) => at("components", "schemas", "Job", "properties", "extra").set({ type: "string" }),
    ["breaks-consumer field-added-to-closed"],
  ],
  [
    "a default",
    (at) => at(...body, "properties", "priority", "default").set(1),
    ["breaks-consumer default-changed"],
  ],
  [
    "a lease, as a field of one's own",
    (at) => at(...show, "x-lease-default-ms").set(30_000),
    ["breaks-consumer limit-changed"],
  ],
  [
    "whether a call may be repeated, as a field of one's own",
    (at) => at(...issue, "x-idempotent").set(true),
    ["breaks-consumer idempotency-changed"],
  ],
  [
    "who has to do it, as text",
    (at) => at(...issue, "description").set("The worker creates the table."),
    ["to-judge text-changed"],
  ],
  [
    "what a value means, as text",
    (at) => at("components", "schemas", "Job", "properties", "duration", "description").set("In hours."),
    ["to-judge text-changed"],
  ],
  ["security is dropped", (at) => at(...show, "security").set([]), ["breaks-consumer security-dropped"]],
  [
    "security is one way of two",
    (at) => at(...show, "security").push({}),
    ["breaks-consumer security-dropped"],
  ],
  [
    "another scheme",
    (at) => at("components", "securitySchemes", "customer", "in").set("query"),
    ["breaks-consumer security-changed"],
  ],
  [
    "a header of a reply is gone, in whatever case",
    (at) => at(...show, "responses", "200", "headers").set({ ETag: { schema: { type: "string" } } }),
    ["compatible header-added"],
  ],
  [
    "a media type is gone",
    (at) => at(...issue, "requestBody", "content", "application/x-www-form-urlencoded").remove(),
    ["breaks-consumer media-type-removed"],
  ],
  [
    "a parameter that must be there",
    (at) => at(...show, "parameters").push({ in: "header", name: "X-Why", required: true, schema: {} }),
    ["breaks-consumer required-parameter-added"],
  ],
  ["an operation is gone", (at) => at(...show).remove(), ["breaks-consumer operation-removed"]],
  [
    "a schema that nobody refers to",
    (at) => at("components", "schemas", "Alone").set({ type: "string" }),
    ["to-judge other-changed"],
  ],
  [
    "a keyword that no rule knows, deep down",
    (at) => at("components", "schemas", "Lease", "properties", "lease_ms", "x-colour").set("red"),
    ["to-judge keyword-changed"],
  ],
];
