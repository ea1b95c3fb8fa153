/** What the oracle must know of the server that it looks at: the one place that does. */
export interface KnownServer {
  /** In which "a", "A" and "a " are three values. */
  exactCollation: string;
  /** Tables of `mysql` that say who may do what. */
  rights: readonly string[];
}

const rights = ["db", "tables_priv", "columns_priv", "procs_priv"];

const servers = {
  mysql: {
    exactCollation: "utf8mb4_0900_bin",
    rights: ["user", ...rights, "global_grants", "role_edges", "default_roles"],
  },
  mariadb: { exactCollation: "utf8mb4_nopad_bin", rights: ["global_priv", ...rights, "roles_mapping"] },
} satisfies Record<string, KnownServer>;

/** By what it says of itself, such as `10.11.19-MariaDB-0+deb12u1-log`. */
export const serverOf = (version: string): KnownServer =>
  isMariadb(version) ? servers.mariadb : servers.mysql;

export const isMariadb = (version: string): boolean => /mariadb/i.test(version);
