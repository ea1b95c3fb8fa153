import { expect, test } from "vitest";
import { addressLines } from "./addresses.ts";

test("every client is told how to reach the system, in words that a shell takes", () => {
  const lines = addressLines({
    folder: ".interlock/runs/1",
    release: "current",
    api: "http://127.0.0.1:1111",
    customers: [
      {
        cluster: "cdh4",
        apikey: "1/k'ey",
        database: "sample",
        engines: ["presto"],
        query: "SELECT id FROM trades",
      },
      { cluster: "hdp2", apikey: "2/other", database: "mine", engines: ["hive-hdp2"], query: "SELECT 1" },
    ],
    workers: [
      {
        name: "worker-v5-by-hand",
        generation: "v5",
        engines: ["presto"],
        api: "http://127.0.0.1:2222",
        env: { API_URL: "http://127.0.0.1:2222", WORKER_TOKEN: "to ken" },
      },
      {
        name: "worker-v6",
        generation: "v6",
        engines: ["hive-hdp2"],
        api: "http://127.0.0.1:3333",
        env: null,
      },
    ],
    mysql: { host: "127.0.0.1", port: 3306, user: "oracle", password: "pass" },
    outputs: [{ generation: "v5", url: "web://destination/x" }],
  });
  const text = lines.join("\n");
  for (const part of [
    "up: API current at http://127.0.0.1:1111; logs in .interlock/runs/1/logs. Ctrl-C ends it.",
    `curl -H 'Authorization: TD1 1/k'\\''ey' http://127.0.0.1:1111/v3/job/issue/presto/sample --data-urlencode 'query=SELECT id FROM trades'`,
    "http://127.0.0.1:1111/v3/job/issue/hive/mine",
    `new TDClient("2/other", { host: "127.0.0.1:1111", protocol: "http" })`,
    "export API_URL=http://127.0.0.1:2222",
    "export WORKER_TOKEN='to ken'",
    "on record as worker-v6:\n  API at http://127.0.0.1:3333; its token and login are those that the config was given",
    "mysql -h127.0.0.1 -P3306 -uoracle -ppass",
    "  v5  web://destination/x",
  ])
    expect(text).toContain(part);
});
