interface ProvidedServer {
  host: string;
  port: number;
  /** An account that may do everything. */
  rootlike: { user: string; password: string };
}

/** What global set-ups hand to tests by `inject`. */
declare module "vitest" {
  export interface ProvidedContext {
    mysql: ProvidedServer;
    mariadb: ProvidedServer;
  }
}

export {};
