import { scenarioOf } from "./scenario.ts";

/** A small config that is right, as somebody would write it: one API, one worker a generation. Tests change a part. */
export function writtenConfig() {
  const account = () => ({ user: "oracle", password: "long enough" });
  return {
    mysql: {
      image: "mysql",
      oracle: account(),
      loader: account(),
      warehouse: (id: number, database: string) => `account_${id}_${database}`,
      jobStatus: "SELECT status FROM jobs WHERE id = ?",
    },
    api: { current: { image: "api:current" }, next: { url: "http://127.0.0.1:8080" } },
    current: "current",
    workers: {
      "worker-v5": { image: "worker-v5", generation: "v5", engines: ["presto", "hive-cdh4"] },
      "worker-v6": { command: ["node", "worker-v6.ts"], generation: "v6", engines: ["hive-hdp2"] },
    },
    destinations: {
      web: { command: ["node", "sink.ts"] },
      mysql: { image: "mysql", oracle: account(), writer: account(), database: "mart" },
    },
    customers: {
      cdh4: { account: 1, apikey: "1/abcdefgh", database: "sample" },
      hdp2: { account: 2, apikey: "2/abcdefgh", database: "sample" },
    },
    scenarios: [scenarioOf()],
    limits: { readyMs: 30_000, jobMs: 20_000 },
  };
}

/** The config with the value at a path replaced; undefined takes the key away. */
export function configWith(path: string, value: unknown): unknown {
  const config = writtenConfig();
  const steps = path.split(".");
  const last = steps.pop() as string;
  const place = steps.reduce(
    (at, step) => at[step] as Record<string, unknown>,
    config as Record<string, unknown>,
  );
  if (value === undefined) delete place[last];
  else place[last] = value;
  return config;
}
