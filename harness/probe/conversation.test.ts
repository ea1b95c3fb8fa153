import { expect, test } from "vitest";
import { type Credential, credentials, refusedTo, standings } from "../../contracts/authority.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { operations } from "../../contracts/operations.ts";
import { allProbeTopics } from "../probe-topics.ts";
import { askOfJobs, askOfNames } from "./conversation.ts";
import type { Input, ProbePort } from "./port.ts";

interface Asked {
  by: string;
  credential: Credential;
  operation: OperationId;
  input: Input;
}

/** A service that has no job and refuses everything: the probe must come to its end all the same. */
async function askedOf(body: unknown, lacks: ProbePort["lacks"] = []): Promise<Asked[]> {
  const asked: Asked[] = [];
  const port: ProbePort = {
    leaseMs: 30_000,
    lacks,
    databases: { cdh4: "sample", hdp2: "sample" },
    sleep: async () => {},
    call: async (by, credential, operation, input) => {
      asked.push({ by, credential, operation, input });
      return body === null ? null : { status: 500, body };
    },
  };
  await askOfJobs(port, allProbeTopics, async () => {});
  await askOfNames(port, allProbeTopics);
  return asked;
}

test.each([[null], [{}], [{ job: {}, job_id: 7 }], ["<html>"]])(
  "it comes to its end whatever it is answered: %j",
  async (body) => expect((await askedOf(body)).length).toBeGreaterThan(1_000),
);

test("it asks nothing that the API lacks, and all else", async () => {
  const lacks = (Object.keys(operations) as OperationId[]).filter((id) =>
    /^bulk_import\.|import_part/.test(id),
  );
  const all = (await askedOf(null)).map(({ operation }) => operation);
  const asked = (await askedOf(null, lacks)).map(({ operation }) => operation);
  expect(lacks.filter((id) => all.includes(id))).toEqual(lacks);
  // Parties ask beside each other: what is left out of one changes whose turn it is.
  expect(asked.toSorted()).toEqual(all.filter((id) => !lacks.includes(id)).toSorted());
});

test("it asks the same each time", async () => {
  expect(await askedOf(null)).toEqual(await askedOf(null));
});

test("every operation is tried with every credential that has no right to it", async () => {
  const asked = await askedOf(null);
  const tried = new Set(asked.map(({ operation, credential }) => `${operation} ${credential}`));
  const withoutRight = Object.values(operations)
    .filter((operation) => standings.some((standing) => refusedTo(operation, standing) !== null))
    .flatMap(({ id }) => credentials.map((credential) => `${id} ${credential}`));
  expect(withoutRight.filter((one) => !tried.has(one))).toEqual([]);
});

test("every operation is asked", async () => {
  const asked = new Set((await askedOf(null)).map(({ operation }) => operation));
  expect(Object.keys(operations).filter((id) => !asked.has(id as OperationId))).toEqual([]);
});
