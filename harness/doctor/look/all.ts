import { reasonOf } from "../../errors.ts";
import type { Facts } from "../diagnosis.ts";
import { lookAtEngine } from "./engine.ts";
import { lookAtFolder } from "./folder.ts";
import { lookAtMachine } from "./machine.ts";
import { lookAtFile, lookAtImages, lookAtSystem } from "./system.ts";

interface Looked {
  facts: Facts;
  redact: (text: string) => string;
}

/** Gathers all facts; nothing that is in the way of one keeps the others from being looked at. */
export async function lookAround(configFile: string, runsFolder: string): Promise<Looked> {
  const [machine, folder, { reach, docker, engine }, { file, config, redact }] = await Promise.all([
    lookAtMachine(),
    lookAtFolder(runsFolder),
    lookAtEngine(),
    lookAtFile(configFile),
  ]);
  const system = config === null ? null : await lookAtSystem(config);
  const facts: Facts = { machine, folder, reach, engine, file, system, images: null };
  if (config === null || docker === null) return { facts, redact };
  try {
    return { facts: { ...facts, images: await lookAtImages(config, docker) }, redact };
  } catch (error) {
    const silent = {
      happened: reasonOf(error),
      next: "`docker info` shows whether it answers; start it anew",
    };
    return { facts: { ...facts, reach: { ...reach, silent } }, redact };
  }
}
