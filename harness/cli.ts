#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Static imports would load before the cache is on. Where its folder cannot be written Node goes on without it.
enableCompileCache(join(import.meta.dirname, "../.interlock/compile-cache"));
const { main } = await import("./commands/main.ts");
await main(process.argv.slice(2));
