import type { MysqlAccess } from "./mysql.ts";

/** How a server of a database is set, by variable. What it was built as, and what it is set to, are two things: a run is bound to both. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Another one in each container, or by itself: names, addresses and files of its own, and what it has done so far. */
const ofInstance: readonly RegExp[] = [
  /^(hostname|server_uuid|server_uid|socket|port|report_port|admin_port|mysqlx_port|mysqlx_socket)$/,
  /^(pid_file|init_file|datadir|tmpdir|slave_load_tmpdir|replica_load_tmpdir|log_error)$/,
  /^(general_log_file|slow_query_log_file|log_bin_basename|log_bin_index|relay_log|relay_log_(basename|index|info_file))$/,
  /^gtid_(executed|purged|binlog_pos|binlog_state|current_pos|slave_pos)$/,
];

/** What a server sets by the machine that it is on: two machines of one team need not be alike. */
const ofMachine: readonly RegExp[] = [
  /^(temptable_max_ram|open_files_limit|table_open_cache|innodb_open_files)$/,
  /^innodb_(parallel_read_threads|read_io_threads|write_io_threads|purge_threads|page_cleaners|buffer_pool_instances)$/,
  /^(thread_pool_size|innodb_log_writer_threads|innodb_numa_interleave|innodb_use_native_aio)$/,
];

const isLeftOut = (name: string): boolean => [...ofInstance, ...ofMachine].some((one) => one.test(name));

/**
 * What the server says of itself; null where it does not say it, as what only speaks like a server.
 *
 * @throws whatever the driver does
 */
export async function settingsOf(access: Pick<MysqlAccess, "query">): Promise<ServerSettings | null> {
  const rows: unknown = await access.query("SHOW GLOBAL VARIABLES");
  if (!Array.isArray(rows)) return null;
  const told = rows.flatMap(({ Variable_name: name, Value: value }: Record<string, string | null>) =>
    typeof name !== "string" || isLeftOut(name) ? [] : [[name, value ?? ""] as const],
  );
  if (told.length === 0) return null;
  return Object.fromEntries(told.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** In which variables two servers differ, in words; null where they are set alike. */
export function settingsDiffer(one: ServerSettings, other: ServerSettings): string | null {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  const found = names.filter((name) => one[name] !== other[name]);
  if (found.length === 0) return null;
  const told = found
    .slice(0, most)
    .map((name) => `${name} ${inWords(one[name])} and ${inWords(other[name])}`);
  return [...told, ...(found.length > most ? [`${found.length - most} more`] : [])].join(", ");
}

const most = 5;

const inWords = (value: string | undefined): string =>
  value === undefined ? "is not there" : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
