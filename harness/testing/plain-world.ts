import { type Server, type StateSeed, willing } from "../../contracts/in-process.ts";

/** A world in which nothing goes wrong, and a state in which the contracts' jobs can run. */

export const tokens = { v5: "token-of-v5", v6: "token-of-v6" };
export const apikeys = { cdh4: "1/customer-key", hdp2: "2/customer-key" };

export const seed: StateSeed = {
  customers: [
    { account: 1, cluster: "cdh4", apikey: apikeys.cdh4, database: "sample" },
    { account: 2, cluster: "hdp2", apikey: apikeys.hdp2, database: "sample" },
  ],
  workers: [
    { generation: "v5", token: tokens.v5 },
    { generation: "v6", token: tokens.v6 },
  ],
  tables: [1, 2].map((account) => ({
    account,
    database: "sample",
    name: "trades",
    columns: [
      ["symbol", "string"],
      ["price", "double"],
    ],
    rows: [
      ["TDCP", 12.5],
      ["HDPX", 0.1],
    ],
  })),
};

/** Real time, for programs that have nothing to wait for. */
export const realClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    }),
};

/** A link on which nothing goes wrong. */
export const neverAborted = new AbortController().signal;

export const plain = <T>(_: unknown, effect: (server: Server) => Promise<T>): Promise<T> => effect(willing);
