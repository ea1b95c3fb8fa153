import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { type ConsumerContract, type Interaction, replyStatus } from "../../contracts/consumer.ts";
import { importsV5, importsV6 } from "../../contracts/consumers/imports.ts";
import { v5 } from "../../contracts/consumers/v5.ts";
import { v6 } from "../../contracts/consumers/v6.ts";
import type { ApiProcess } from "../../contracts/in-process.ts";
import { splitInput } from "../../contracts/operation.ts";
import { operations } from "../../contracts/operations.ts";
import { bringAbout } from "../../harness/testing/given.ts";
import { tokens } from "../../harness/testing/plain-world.ts";

/**
 * The contracts of the workers as pact files, and Pact's verifier on a build: each interaction with its provider state, which is
 * brought about by the build's own operations, and with matchers by type, but where the worker relies on a value.
 */

const consumers: readonly ConsumerContract[] = [v5, v6, importsV5, importsV6];
const json = { "content-type": "application/json" };

/** How many interactions there are. */
export const interactions = consumers.reduce((sum, one) => sum + one.interactions.length, 0);

/** A part of a JSON Schema of what a consumer reads. */
interface Reads {
  properties?: Readonly<Record<string, Reads>>;
  prefixItems?: readonly Reads[];
  const?: unknown;
  type?: string;
}

/** What a consumer reads of a reply, and the places in which it relies on the very value. */
function readOf(reads: Reads, value: unknown, place: string): { read: unknown; exact: string[] } {
  if (reads.properties !== undefined && typeof value === "object" && value !== null) {
    const parts = Object.entries(reads.properties).map(([key, one]) => {
      const within = readOf(one, (value as Record<string, unknown>)[key], `${place}.${key}`);
      return [key, within] as const;
    });
    return {
      read: Object.fromEntries(parts.map(([key, { read }]) => [key, read])),
      exact: parts.flatMap(([, { exact }]) => exact),
    };
  }
  return { read: value, exact: "const" in reads || reads.type === "null" ? [place] : [] };
}

const pactOf = (contract: ConsumerContract) => ({
  consumer: { name: contract.consumer },
  provider: { name: "api" },
  interactions: contract.interactions.map((interaction) => interactionOf(contract, interaction)),
  metadata: { pactSpecification: { version: "3.0.0" } },
});

function interactionOf({ consumer, generation }: ConsumerContract, interaction: Interaction) {
  const { operation, name, given, send } = interaction;
  const { method, path } = operations[operation];
  const reads = z.toJSONSchema(interaction.reads, { io: "input" }) as Reads;
  const { read, exact } = readOf(reads, interaction.reply, "$");
  const matched = (place: string, match: string) => [place, { matchers: [{ match }], combine: "AND" }];
  return {
    description: name,
    providerStates: [{ name: stateOf(consumer, interaction) }],
    request: {
      method,
      path: path.replace(":job_id", "1"),
      headers: { ...json, authorization: `Worker ${tokens[generation]}` },
      body: splitInput({ method, path }, { ...(given === null ? {} : { job_id: "1" }), ...send }).body,
      generators:
        given === null
          ? {}
          : {
              path: {
                type: "ProviderState",
                expression: path.replace(":job_id", "${job_id}"),
                dataType: "STRING",
              },
            },
    },
    response: {
      status: replyStatus(interaction),
      body: read,
      matchingRules: {
        body: Object.fromEntries([
          matched("$", "type"),
          ...exact.map((place) => matched(place, "equality")),
        ]) as object,
      },
    },
  };
}

const stateOf = (consumer: string, { name, given }: Interaction): string =>
  given === null ? `${consumer}: nothing` : `${consumer}: what "${name}" is given, ${given.type}`;

interface Verifier {
  verifyProvider: () => Promise<unknown>;
}
// Peers have a folder of packages of their own, which only a bench installs.
const ofPeers = createRequire(new URL("../peers/package.json", import.meta.url));
const { Verifier } = ofPeers("@pact-foundation/pact") as { Verifier: new (options: object) => Verifier };

export interface PactVerifier extends AsyncDisposable {
  /** Whether a build keeps the pacts. */
  verify: (start: () => ApiProcess) => Promise<boolean>;
}

/** @param folder for the pact files */
export async function pactVerifier(folder: string): Promise<PactVerifier> {
  await mkdir(folder, { recursive: true });
  const files = await Promise.all(
    consumers.map(async (contract) => {
      const file = join(folder, `${contract.consumer}.json`);
      await writeFile(file, JSON.stringify(pactOf(contract), null, 2));
      return file;
    }),
  );
  let api: ApiProcess | null = null;
  const server = createServer((request, response) => void pass(request, response, api));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const providerBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    verify: async (start) => {
      // Each interaction finds a process and a state of its own.
      const stateHandlers = Object.fromEntries(
        consumers.flatMap((contract) =>
          contract.interactions.map((interaction) => [
            stateOf(contract.consumer, interaction),
            async () => {
              api = start();
              return { job_id: await bringAbout(api, contract, interaction) };
            },
          ]),
        ),
      );
      const verifier = new Verifier({ providerBaseUrl, pactUrls: files, logLevel: "error", stateHandlers });
      return await verifier.verifyProvider().then(
        () => true,
        () => false,
      );
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A request over a socket to a build of this process, and its answer back. */
async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  api: ApiProcess | null,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).map(
    ([key, value]) => [key, String(value)] as [string, string],
  );
  const { method = "GET", url = "/" } = request;
  const body = method === "GET" ? null : Buffer.concat(chunks);
  const answer = await api?.fetch(new Request(`http://api.interlock.test${url}`, { method, headers, body }));
  response.writeHead(answer?.status ?? 503, Object.fromEntries(answer?.headers ?? []));
  response.end(answer === undefined ? "" : Buffer.from(await answer.arrayBuffer()));
}
