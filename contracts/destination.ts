import { z } from "zod";
import { readUrl } from "./destinations/form.ts";
import { mysql } from "./destinations/mysql.ts";
import { s3 } from "./destinations/s3.ts";
import { td } from "./destinations/td.ts";
import { web } from "./destinations/web.ts";

/** Result Output targets in both forms: the URL the customer wrote and the structured settings. */

/** Every type of destination, a line each; all that is known of a type is in its file. */
export const destinationForms = { web, mysql, td, s3 } as const;

export type DestinationType = keyof typeof destinationForms;
type SettingsSchema = (typeof destinationForms)[DestinationType]["settings"];

const forms = Object.values(destinationForms);

export const destinationSettings = z
  .discriminatedUnion("type", forms.map(({ settings }) => settings) as [SettingsSchema, ...SettingsSchema[]])
  .meta({ id: "DestinationSettings" });
export type DestinationSettings = z.infer<typeof destinationSettings>;

export type ParsedDestination = { ok: true; settings: DestinationSettings } | { ok: false; problem: string };

/** How the URLs of all kinds of destinations begin. */
export const schemes = forms.flatMap((form) => form.schemes.map((scheme) => `${scheme}://`));
const supported = `${schemes.slice(0, -1).join(", ")} or ${schemes.at(-1)}`;

/** Reads a destination URL. A problem never repeats the URL: it may hold a password. */
export function parseDestination(text: string): ParsedDestination {
  const scheme = /^([a-z][a-z0-9]*):\/\//.exec(text)?.[1];
  if (scheme === undefined)
    return problem(
      "a destination is a URL such as mysql://user:password@host/db/table; named ones and settings in JSON are not supported",
    );
  const form = forms.find((known) => known.schemes.includes(scheme));
  if (form === undefined) return problem(problemOfUnknown(text, scheme));
  const settings = form.parse(text, scheme);
  return typeof settings === "string" ? problem(settings) : { ok: true, settings };
}

/** A mistake in the URL itself is told first. */
function problemOfUnknown(text: string, scheme: string): string {
  const written = readUrl(text, scheme);
  return typeof written === "string"
    ? written
    : `destination scheme ${scheme}:// is not supported; use ${supported}`;
}

const problem = (text: string): ParsedDestination => ({ ok: false, problem: text });

/**
 * A destination URL with everything before its last `@` hidden: the form that may be shown and logged. A password may
 * hold anything when nobody escaped it, line breaks and `@` included.
 */
export const redactDestination = (text: string): string =>
  text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@");
