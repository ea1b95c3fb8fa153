import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { Secrets } from "../secrets.ts";

/** A command's config, and the secrets that it holds. */
export async function openConfig(file: string): Promise<{ config: Config; secrets: Secrets }> {
  const secrets = new Secrets();
  return { config: await loadConfig(file, secrets), secrets };
}
