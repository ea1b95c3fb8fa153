import { unmet } from "../../contracts/consumer-check.ts";
import { type Check, checkHeader, checksOf } from "./checks.ts";

/** Sends every check to the provider and judges its reply: node bench/verification/by-interlock.ts CHECKS URL */

const atOnce = 32;
const [count, provider] = process.argv.slice(2);
const checks = checksOf(Number(count));

async function isKept({ generation, interaction, method, url, request, body }: Check, number: number) {
  const headers = { "content-type": "application/json", [checkHeader]: String(number) };
  const answer = await fetch(`${provider}${url}`, { method, headers, body });
  const reply: unknown = await answer.json();
  return unmet(interaction, { generation }, { url, request, status: answer.status, reply }).length === 0;
}

const began = performance.now();
const queue = checks.entries();
let broken = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (const [number, check] of queue) if (!(await isKept(check, number))) broken += 1;
  }),
);
console.log(JSON.stringify({ broken, millis: performance.now() - began }));
