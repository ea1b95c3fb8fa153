import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tdClient, tdClientText, tdLicence } from "./td-client.ts";

/** Writes the client of npm `td` with its licence into a built package. */
const [built = ""] = process.argv.slice(2);
const file = join(built, tdClient);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, tdClientText());
writeFileSync(join(dirname(file), "LICENSE"), tdLicence());
