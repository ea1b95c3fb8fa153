import type { Certificate } from "../../harness/proxy/mysql-tls.ts";

interface ProvidedServer {
  host: string;
  port: number;
  /** An account that may do everything. */
  rootlike: { user: string; password: string };
  /** What it proves with who it is; MariaDB has nothing of the kind. */
  certificate: Certificate | null;
}

/** What global set-ups hand to tests by `inject`. */
declare module "vitest" {
  export interface ProvidedContext {
    mysql: ProvidedServer;
    mariadb: ProvidedServer;
  }
}
