import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { checkHeader, checksOf } from "./checks.ts";

/**
 * The same checks as a pact file, through Pact's verifier as its documentation says:
 *
 *   node bench/verification/by-pact.ts CHECKS URL FILE
 */

const [count, provider, file] = process.argv.slice(2);

interface Verifier {
  verifyProvider: () => Promise<unknown>;
}
// Peers have a folder of packages of their own, which only a bench installs.
const ofPeers = createRequire(new URL("../peers/package.json", import.meta.url));
const peer = "@pact-foundation/pact";
const { Verifier } = ofPeers(peer) as { Verifier: new (options: object) => Verifier };

const headers = { "content-type": "application/json" };
const pact = {
  consumer: { name: "workers" },
  provider: { name: "api" },
  interactions: checksOf(Number(count)).map(({ interaction, method, url, body, status, reply }, i) => ({
    description: `${i}: ${interaction.name}`,
    request: {
      method,
      path: url,
      headers: { ...headers, [checkHeader]: String(i) },
      body: JSON.parse(body) as unknown,
    },
    response: { status, headers, body: JSON.parse(reply) as unknown },
  })),
  metadata: { pactSpecification: { version: "3.0.0" } },
};
await writeFile(file as string, JSON.stringify(pact));

const verifier = new Verifier({ providerBaseUrl: provider, pactUrls: [file], logLevel: "error" });
const began = performance.now();
const isKept = await verifier.verifyProvider().then(
  () => true,
  () => false,
);
// Its report of every interaction goes to the same output; the last line is ours.
console.log(JSON.stringify({ broken: isKept ? 0 : 1, millis: performance.now() - began }));
