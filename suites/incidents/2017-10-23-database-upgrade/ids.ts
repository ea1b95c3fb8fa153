import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import { archive } from "../../../fixtures/api/upkeep/archive.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import { Acknowledged } from "./acknowledged.ts";
import { issueByKey } from "./customers.ts";
import { openWay, upgrade } from "./promotion.ts";
import { watchedSource } from "./semi-synchronous.ts";
import { customers, startApi } from "./service.ts";
import { apiAccount, type TwoServers } from "./two-servers.ts";

/**
 * A number for new jobs that goes back. Before version 8 a server that was started took the largest id in the table for
 * the last one, and what had been archived did not count.
 *
 * @param promoted what becomes of the new primary before anybody reaches it
 * @returns what was wrong
 */
export async function issuedAfterArchiving(
  two: TwoServers,
  promoted: () => Promise<unknown>,
): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const way = await openWay(two.primary);
  stack.defer(() => way.close());
  const api = await startApi(standardBuild, way.port);
  stack.defer(() => api.close());
  const record = new Acknowledged();
  const [customer] = customers;
  const stop = new AbortController().signal;
  const client = { customer, url: api.url, record, stop, outage: Promise.resolve() };
  const issue = (domain_key: string) => issueByKey(client, { query: `SELECT '${domain_key}'`, domain_key });

  for (const key of ["first", "second", "third"]) await issue(key);
  await two.primary.everything.query(
    "UPDATE jobs.jobs SET status = 'success', created_at = 1, start_at = 1, end_at = 1",
  );
  const pool = openPool({ ...two.primary.address, ...apiAccount }, { on: false }, 1);
  stack.defer(() => pool.end());
  await archive(mysqlStore(pool), 2);
  const watch = watchedSource(two.primary);
  stack.defer(() => watch.end());
  const nothing = async () => {};
  const upgraded = await upgrade({
    ...two,
    way,
    whileReadOnly: nothing,
    meanwhile: nothing,
    watch,
    catchUpMs: 10_000,
    promoted,
  });
  if (upgraded.problem !== null) return [upgraded.problem];
  await issue("fourth");
  return [...record.wrong];
}
