import type { z } from "zod";
import type { scenarioSchema } from "../schedule/scenario.ts";
import type { ConfigFunction } from "./config.ts";

/** A config as it is written, before defaults are filled in: what `defineConfig` takes, and its parts, for configs of several files. */

export type Config = ReturnType<ConfigFunction>;
/** A release of the API: an image, a command or a URL. */
export type ApiComponent = Config["api"][string];
export type WorkerComponent = Config["workers"][string];
export type Destinations = Config["destinations"];
export type Customers = Config["customers"];
export type Scenario = z.input<typeof scenarioSchema>;
