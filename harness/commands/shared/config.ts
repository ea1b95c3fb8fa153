import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load-config.ts";
import { Secrets } from "../../secrets.ts";
import { hideInNotes } from "./output.ts";

/** A command's config, and the secrets that it holds. */
export async function openConfig(
  file: string,
  database?: string,
): Promise<{ config: Config; secrets: Secrets }> {
  const secrets = new Secrets();
  hideInNotes(secrets);
  return { config: await loadConfig(file, secrets, undefined, undefined, database), secrets };
}
