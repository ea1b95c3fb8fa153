import { expect, test } from "vitest";
import { aSet, type EditCase, edited, found, ids, reversed } from "./testing/edited.ts";

/** Edits of the contracts themselves, as a contract set: each is found, by its id and its severity. */

const claim = ["operations", "worker.claim"] as const;
const v5Job = ["schemas", "ClaimV5", "properties", "job", "anyOf", 0] as const;

const edits: EditCase[] = [
  [
    "a field that v5 reads is gone",
    (at) => {
      at(...v5Job, "properties", "result_url").remove();
      at(...v5Job, "required").without("result_url");
    },
    ["breaks-consumer field-removed"],
  ],
  [
    "v5 is handed v6's form",
    (at) => at(...claim, "forms", "v5", "1").set({ $ref: "#/schemas/ClaimV6" }),
    [
      "breaks-consumer field-removed",
      "breaks-consumer form-moved",
      "breaks-consumer required-field-added-to-closed",
    ],
  ],
  ["a form is gone", (at) => at(...claim, "forms", "v6", "1").remove(), ["breaks-consumer form-removed"]],
  [
    "a request needs another field",
    (at) => {
      at("operations", "job.kill", "input", "properties", "why").set({ type: "string" });
      at("operations", "job.kill", "input", "required").push("why");
    },
    ["breaks-consumer required-field-added-to-closed"],
  ],
  [
    "a request may have another field",
    (at) => at("operations", "job.kill", "input", "properties", "why").set({ type: "string" }),
    ["compatible field-added-to-closed"],
  ],
  [
    "a request may have another field, which is free",
    (at) => {
      at("operations", "job.kill", "input", "properties", "why").set({ type: "string" });
      at("operations", "job.kill", "free", "request: why").set("free");
    },
    ["compatible field-added-to-closed"],
  ],
  [
    "a request takes one value less",
    (at) => at("operations", "job.issue", "input", "properties", "type", "enum").without("hive"),
    ["breaks-consumer value-removed"],
  ],
  [
    "a number that is written as digits has a closer bound",
    (at) =>
      at("operations", "job.issue", "input", "properties", "priority", "anyOf", 0, "x-then", "minimum").set(
        -1,
      ),
    ["breaks-consumer bound-tightened"],
  ],
  [
    "a reply has another state",
    (at) => at("schemas", "JobStatus", "enum").push("paused"),
    ["breaks-consumer value-added", "compatible value-added"],
  ],
  [
    "a refusal has another status",
    (at) => at("operations", "job.show", "reasons", "not_found").set(410),
    ["breaks-consumer status-changed"],
  ],
  [
    "a refusal is gone that v5 decides on",
    (at) => at("operations", "worker.finish", "reasons", "stale_attempt").remove(),
    ["breaks-consumer refusal-removed"],
  ],
  [
    "a refusal is gone that no worker on record decides on",
    (at) => at("operations", "worker.finish", "reasons", "table_unregistered").remove(),
    ["to-judge refusal-removed"],
  ],
  [
    "a closed reply has another field",
    (at) => at("schemas", "JobStatusReply", "properties", "extra").set({ type: "string" }),
    ["breaks-consumer field-added-to-closed"],
  ],
  [
    "a closed reply is opened",
    (at) => at("schemas", "Receipt", "additionalProperties").set(true),
    ["breaks-consumer closed-object-opened"],
  ],
  [
    "a field is gone that no worker on record reads",
    (at) => {
      at("schemas", "FinishedJob", "properties", "job_id").remove();
      at("schemas", "FinishedJob", "required").without("job_id");
    },
    ["to-judge field-removed"],
  ],
  [
    "a field that is elsewhere now",
    (at) => {
      const debug = ["schemas", "Job", "properties", "debug", "properties"] as const;
      at("schemas", "Job", "properties", "stderr").set(at(...debug, "stderr").value);
      at(...debug, "stderr").remove();
    },
    ["breaks-consumer field-moved"],
  ],
  [
    "the same list of values without its type",
    (at) => at("schemas", "JobStatus", "type").remove(),
    ["compatible written-otherwise"],
  ],
  [
    "what is meant where a customer says nothing",
    (at) => at("operations", "job.issue", "input", "properties", "priority", "default").set(1),
    ["breaks-consumer default-changed"],
  ],
  ["a shorter lease", (at) => at("limits", "leaseMs").set(3000), ["breaks-consumer limit-shortened"]],
  ["a longer time-out", (at) => at("limits", "requestMs").set(60_000), ["to-judge limit-lengthened"]],
  [
    "a limit where there was none",
    (at) => at("limits", "backOffs", "finish", "limitMs").set(1000),
    ["breaks-consumer limit-shortened"],
  ],
  [
    "another back-off",
    (at) => at("limits", "backOffs", "claim", "capMs").set(5000),
    ["to-judge back-off-changed"],
  ],
  [
    "a report that is no longer known again",
    (at) => at("operations", "worker.finish", "again").set("another"),
    ["breaks-consumer idempotency-changed"],
  ],
  [
    "a report that is known again by less",
    (at) => at("operations", "worker.receipt", "again", "by").without("attempt"),
    ["breaks-consumer idempotency-changed"],
  ],
  [
    "the API registers tables now",
    (at) => at("duties", "register-table", "who").set("API"),
    ["breaks-provider responsibility-taken"],
  ],
  [
    "workers take over jobs now",
    (at) => at("duties", "take-over", "who").set("worker"),
    ["breaks-consumer responsibility-moved"],
  ],
  [
    "the receipt comes after the report",
    (at) => at("duties", "state-delivery", "before").set(null),
    ["breaks-consumer responsibility-moved"],
  ],
  [
    "nobody delivers output any longer",
    (at) => at("duties", "deliver-output").remove(),
    ["breaks-provider responsibility-removed"],
  ],
  [
    "no credential is asked for",
    (at) => at("operations", "job.show", "audience").set("public"),
    ["breaks-consumer security-dropped"],
  ],
  [
    "a customer sees another's job",
    (at) => at("operations", "job.show", "refusedTo", "foreign customer").set(null),
    ["breaks-consumer access-opened"],
  ],
  [
    "another's job is forbidden where it was not there",
    (at) => at("operations", "job.show", "refusedTo", "foreign customer").set("forbidden"),
    ["breaks-consumer access-refused"],
  ],
  [
    "a URL without a mode replaces the table",
    (at) =>
      at("destinations", "mysql", "meant", "mysql://writer@destination.test/mart/daily_rows", "mode").set(
        "replace",
      ),
    ["breaks-consumer value-meaning-changed"],
  ],
  [
    "fewer rows by web",
    (at) => at("destinations", "web", "mostRows").set(10),
    ["breaks-consumer limit-shortened"],
  ],
  [
    "a query may come back otherwise",
    (at) => at("operations", "job.show", "free", "reply: query").set("free"),
    ["breaks-consumer promise-loosened"],
  ],
  [
    "an id that stays is exact now",
    (at) => at("operations", "table.show", "free", "reply: id").remove(),
    ["breaks-provider promise-tightened"],
  ],
  ["503 is a decision", (at) => at("retryable").set(["429"]), ["breaks-consumer retry-rule-changed"]],
  [
    "an end that ends again",
    (at) => at("life", "transitions", "killed", "claim").set("booting"),
    ["to-judge life-added"],
  ],
  [
    "a job that a heartbeat does not start",
    (at) => at("life", "transitions", "booting", "heartbeat").remove(),
    ["breaks-consumer life-changed"],
  ],
  [
    "v5 runs one engine less",
    (at) => at("life", "generations", "v5").without("presto"),
    ["breaks-consumer life-changed"],
  ],
  ["a protocol is gone", (at) => at("protocols").set([2]), ["breaks-consumer protocol-removed"]],
  [
    "v5 needs another field",
    (at) => {
      const reads = [
        "consumers",
        "worker-v5",
        "interactions",
        "extends its lease (presto)",
        "reads",
      ] as const;
      at(...reads, "properties", "more").set({ type: "string" });
      at(...reads, "required").push("more");
    },
    ["breaks-provider required-field-added"],
  ],
  [
    "v5 sends something else",
    (at) =>
      at("consumers", "worker-v5", "interactions", "extends its lease (presto)", "send", "attempt").set(2),
    ["breaks-provider consumer-asks-otherwise"],
  ],
  [
    "a part of a path has another name",
    (at) => {
      const input = ["operations", "job.show", "input"] as const;
      at("operations", "job.show", "path").set("/v3/job/show/:id");
      at(...input, "properties", "id").set(at(...input, "properties", "job_id").value);
      at(...input, "properties", "job_id").remove();
      at(...input, "required").set(["id"]);
    },
    ["compatible path-parameter-renamed"],
  ],
  [
    "a path",
    (at) => at("operations", "job.show", "path").set("/v4/job/:job_id"),
    ["breaks-consumer path-changed"],
  ],
  [
    "a state that leads nowhere",
    (at) => at("life", "transitions", "paused").set({}),
    ["to-judge life-added"],
  ],
  [
    "a generation is handed in one protocol what it had in another",
    (at) => at(...claim, "forms", "v5", "1").set(at(...claim, "forms", "v5", "2").value),
    ["breaks-consumer alternative-added", "breaks-consumer form-moved"],
  ],
  [
    "lists in another order that means nothing",
    (at) => {
      at("operations", "worker.finish", "again", "by").set(["attempt", "job_id"]);
      at("retryable").set(["500-599", "429"]);
    },
    ["compatible written-otherwise"],
  ],
  [
    "a sentence",
    (at) => at("operations", "job.show", "summary").set("Some of it"),
    ["to-judge text-changed"],
  ],
  ["a section that no rule knows", (at) => at("weather").set("fine"), ["to-judge other-changed"]],
];

test("a contract set is the same as itself, in whatever order its keys are", () => {
  expect(edited(aSet(), () => {})).toEqual([]);
  expect(edited(aSet(), (at) => at("x").set(undefined))).toEqual([]);
  expect(found(aSet(), reversed(aSet()))).toEqual([]);
});

test.each(edits)("%s", (_, edit, expected) => {
  expect(ids(edited(aSet(), edit))).toEqual(expected);
});
