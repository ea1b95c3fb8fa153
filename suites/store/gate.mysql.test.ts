import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Checkout } from "../gate/checkout.ts";

/** Evidence of one machine that the gate of another reads from a shared MySQL. */

const { host, port, rootlike } = inject("mysql");
const database = `gate_store_${process.pid}`;
const url = `mysql://${rootlike.user}:${encodeURIComponent(rootlike.password)}@${host}:${port}/${database}`;
let direct: Connection;
let maker: Checkout;
let decider: Checkout;

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  await direct.query(`CREATE DATABASE ${database}`);
  [maker, decider] = await Promise.all([Checkout.open(), Checkout.open()]);
});
afterAll(async () => {
  await direct.query(`DROP DATABASE ${database}`);
  await direct.end();
  await Promise.all([maker, decider].map((one) => one[Symbol.asyncDispose]()));
});

const gate = "script/interlock gate --deployed live.json --candidate candidate.json --json --evidence";

test("what the gate decides is the same from a store as from the folder that was put there", {
  timeout: 120_000,
}, async () => {
  const run = await maker.keptBy("script/compat --cell 'current/*/no-output'");
  for (const [file, flags] of [
    ["live.json", "--policy"],
    ["candidate.json", "--component api"],
  ] as const) {
    const printed = await maker.attested(`${run} ${flags}`);
    for (const machine of [maker, decider]) await machine.put(file, printed);
  }
  const none = await decider.paste(`${gate} ${url}`);
  expect(none).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("--migrate") });
  expect(`${none.stdout}${none.stderr}`).not.toContain(rootlike.password);
  expect(await decider.paste(`script/interlock store ${url} --migrate`)).toMatchObject({ exitCode: 0 });

  const before = JSON.parse((await decider.paste(`${gate} ${url}`)).stdout);
  expect(await maker.paste(`script/interlock store ${url} --put ${run}`)).toMatchObject({
    exitCode: 0,
    stdout: `${run}: kept`,
  });
  const [there, here] = await Promise.all([decider.paste(`${gate} ${url}`), maker.paste(`${gate} ${run}`)]);
  const [stored, own] = [there, here].map(({ stdout }) => JSON.parse(stdout));
  expect(stored).toMatchObject({ required: own.required, shown: own.shown, decision: own.decision });
  expect(stored.shown).toBeGreaterThan(before.shown);
  expect(stored.counted).toEqual([expect.stringMatching(/\.interlock\/store\/[0-9a-f]{64}$/)]);
});

test.each([
  ["a URL that is none", "store mysql://x/y --put .", "expected a URL such as"],
  ["nothing to do", `store ${url}`, "expected --put with folders of runs, or --migrate"],
  ["a folder that is not there", `store ${url} --put nowhere`, "nowhere: expected a folder with evidence"],
])("%s is refused with 64", async (_, argv, said) => {
  const { exitCode, stderr } = await maker.paste(`script/interlock ${argv}`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining(said) });
});
