import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { UsageError } from "../errors.ts";
import { Secrets } from "../secrets.ts";

/** A command's config, and the secrets that it holds. */
export async function openConfig(file: string): Promise<{ config: Config; secrets: Secrets }> {
  const secrets = new Secrets();
  return { config: await loadConfig(file, secrets), secrets };
}

/** The API release that a command is about: the one of `--api`, else the current one. */
export function apiRelease({ api, current }: Config, wanted = current): string {
  if (Object.hasOwn(api, wanted)) return wanted;
  throw new UsageError(`no API release ${wanted} in the config; it has ${Object.keys(api).join(", ")}`);
}
