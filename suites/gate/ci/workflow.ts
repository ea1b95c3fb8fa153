import { parse } from "yaml";
import { z } from "zod";

/** A workflow of GitHub as far as ours uses them; whatever else stands in one is refused. */

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.record(z.string(), scalar);

const input = z.strictObject({
  description: z.string(),
  type: z.enum(["string", "number"]),
  required: z.literal(true).optional(),
  default: scalar.optional(),
});
export type Inputs = Readonly<Record<string, z.output<typeof input>>>;
const trigger = z.strictObject({ inputs: z.record(z.string(), input) });
const secret = z.strictObject({ description: z.string(), required: z.literal(false) });

const common = { name: z.string().optional(), if: z.literal("always()").optional() };
const action = z.strictObject({ ...common, uses: z.string(), with: scalars });
const script = z.strictObject({
  ...common,
  id: z.string().optional(),
  env: scalars.optional(),
  run: z.string(),
});
export type ActionStep = z.output<typeof action>;
export type ScriptStep = z.output<typeof script>;
export type Step = ActionStep | ScriptStep;

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const job = z.strictObject({
  ...common,
  needs: names.default([]),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  outputs: z.record(z.string(), z.string()).default({}),
  strategy: z.strictObject({ "fail-fast": z.literal(false), matrix: z.string() }).optional(),
  steps: z.array(z.union([action, script])).min(1),
});
export type Job = z.output<typeof job>;

const workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    workflow_call: trigger.extend({ secrets: z.record(z.string(), secret) }),
    workflow_dispatch: trigger,
  }),
  permissions: z.strictObject({ contents: z.literal("read") }),
  env: scalars,
  defaults: z.strictObject({ run: z.strictObject({ shell: z.literal("bash") }) }),
  jobs: z.record(z.string(), job),
});
export type Workflow = z.output<typeof workflow>;

export const parseWorkflow = (text: string): Workflow => workflow.parse(parse(text));

export type Context = Readonly<Record<string, unknown>>;

/** A text with its expressions worked out. */
export const fill = (text: unknown, context: Context): string =>
  String(text).replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(valueOf(expression, context)),
  );

/** What a text that is one expression stands for. */
export function valueOf(text: string, context: Context): unknown {
  const expression = text.replaceAll(/^\s*(\$\{\{)?\s*|\s*(\}\})?\s*$/g, "");
  const json = /^fromJSON\((.+)\)$/.exec(expression)?.[1];
  if (json !== undefined) return JSON.parse(String(valueOf(json, context)));
  if (!/^[\w.-]+$/.test(expression)) throw new Error(`the expression ${expression} is beyond these tests`);
  const value = expression
    .split(".")
    .reduce<unknown>((found, name) => (found as Context | undefined)?.[name], context);
  if (value === undefined) throw new Error(`the expression ${expression} stands for nothing`);
  return value;
}

/** The values of all inputs of a call. */
export function inputsOf(declared: Inputs, given: Context): Context {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`no input is named ${unknown.join(" or ")}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type, default: usual }]) => {
      const value = given[name] ?? usual;
      if (typeof value !== type) throw new Error(`input ${name}: expected a ${type}, got ${typeof value}`);
      return [name, value];
    }),
  );
}
