import { shellWords } from "../shell-words.ts";
import type { Addresses, CustomerAddress } from "../up/addresses.ts";

/** How to point each client at a system that is up, for whoever asked for it: with keys and passwords. */
export function addressLines({
  folder,
  release,
  api,
  customers,
  workers,
  mysql,
  outputs,
}: Addresses): string[] {
  const { host, port, user, password } = mysql;
  return [
    `up: API ${release} at ${api}; logs in ${folder}/logs. Ctrl-C ends it.`,
    ...customers.flatMap((customer) => customerLines(api, customer)),
    ...workers.flatMap(workerLines),
    "",
    "look into the database:",
    `  ${shellWords(["mysql", `-h${host}`, `-P${port}`, `-u${user}`, `-p${password}`])}`,
    ...(outputs.length === 0
      ? []
      : [
          "",
          "Result Output, as its workers reach it:",
          ...outputs.map(({ generation, url }) => `  ${generation}  ${url}`),
        ]),
  ];
}

function customerLines(
  api: string,
  { cluster, apikey, database, engines, query }: CustomerAddress,
): string[] {
  const type = engines.includes("presto") ? "presto" : "hive";
  const client = `new TDClient(${JSON.stringify(apikey)}, { host: ${JSON.stringify(new URL(api).host)}, protocol: "http" })`;
  const key = ["-H", `Authorization: TD1 ${apikey}`];
  const issue = [`${api}/v3/job/issue/${type}/${database}`, "--data-urlencode", `query=${query}`];
  return [
    "",
    `customer of ${cluster} (${engines.join(", ")}), database ${database}, key ${apikey}:`,
    `  curl    ${shellWords(["curl", ...key, ...issue])}`,
    `          ${shellWords(["curl", ...key, `${api}/v3/job/show/1`])}`,
    `  npm td  ${client}`,
  ];
}

function workerLines({ name, generation, engines, api, env }: Addresses["workers"][number]): string[] {
  return [
    "",
    `a worker ${generation} (${engines.join(", ")}) started by hand on this machine, on record as ${name}:`,
    ...(env === null
      ? [`  API at ${api}; its token and login are those that the config was given (INTERLOCK_SECRET_...)`]
      : Object.entries(env).map(([key, value]) => `  export ${key}=${shellWords([value])}`)),
  ];
}
