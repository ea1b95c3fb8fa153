/**
 * What a config imports from "interlock". Everything else is reached through the command line.
 *
 * @packageDocumentation
 */
export { type ConfigContext, type ConfigFunction, defineConfig, type Surroundings } from "./config/config.ts";
export type {
  ApiComponent,
  Config,
  Customers,
  Destinations,
  Scenario,
  WorkerComponent,
} from "./config/written.ts";
