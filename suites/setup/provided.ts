/** What global set-ups hand to tests by `inject`. */
declare module "vitest" {
  export interface ProvidedContext {
    mysql: { host: string; port: number; rootlike: { user: string; password: string } };
  }
}

export {};
