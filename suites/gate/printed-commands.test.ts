import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Checkout } from "./checkout.ts";
import { nextsIn } from "./nexts.ts";
import { asked, bad, Pasting } from "./pasting.ts";

/** The commands that a NO-GO prints, pasted into a shell: what they leave is what was missing. More of them at night. */

let pasting: Pasting;
let checkout: Checkout;
const pair = generateKeyPairSync("ed25519");

beforeAll(async () => {
  pasting = await Pasting.open();
  checkout = pasting.checkout;
  await checkout.put("KEY", pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
});
beforeEach(() => checkout.forgetRuns());
afterAll(() => pasting[Symbol.asyncDispose]());

test("from nothing to GO, where evidence must be signed and a schedule be passed", async () => {
  const { stdout: text } = await checkout.call("cat", "faults.json");
  const { policy, ...rest } = JSON.parse(text);
  const keys = [pair.publicKey.export({ type: "spki", format: "pem" })];
  await checkout.put("signed.json", { ...rest, policy: { ...policy, keys } });
  const before = await checkout.paste(asked("current", "signed.json"));
  expect(before).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/^NO-GO: .* 0 of 24/) });
  const nexts = nextsIn(before.stdout);
  expect(nexts).toEqual([
    "script/compat --api current --sign KEY",
    expect.stringMatching(/^script\/interlock replay lost\.json .* --sign KEY$/),
  ]);
  expect(await pasting.all(nexts)).toEqual([0, 0]);
  const after = await checkout.paste(asked("current", "signed.json"));
  expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^GO; 24 of 24/) });

  // What the deployment asks.
  const { stdout: go } = await checkout.paste(`${asked("current", "signed.json")} --json`);
  await checkout.put("GO.json", go);
  await checkout.put("cut.json", go.slice(0, -20));
  const holds = async (file: string, live: string, candidate: string) =>
    (await checkout.paste(`script/interlock holds ${file} --deployed ${live} --candidate ${candidate}.json`))
      .exitCode;
  expect(await holds("GO.json", "signed.json", "current")).toBe(0);
  expect(await holds("GO.json", "signed.json", bad)).toBe(2);
  expect(await holds("GO.json", "faults.json", "current")).toBe(2);
  expect(await holds("cut.json", "signed.json", "current")).toBe(64);
});

test("a bad candidate stays NO-GO, and the checks say the same as the gate", async () => {
  const before = await checkout.paste(asked(bad));
  expect(before.exitCode).toBe(2);
  expect(await pasting.all(nextsIn(before.stdout))).toEqual([1]);
  const found = await checkout.paste(asked(bad));
  expect(found.exitCode).toBe(1);
  const checks = nextsIn(found.stdout).filter((line) => line.startsWith("script/interlock check "));
  expect(await pasting.all(checks)).toEqual([1]);
  const { exitCode, stdout } = await checkout.paste(asked(bad));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: found.stdout });
});
