import fc from "fast-check";
import type { DestinationSettings } from "../../destination.ts";

/** How tests write one type of destination. */
export interface WrittenDestination<Settings extends DestinationSettings = DestinationSettings> {
  /** Any settings that a URL can mean. */
  settings: fc.Arbitrary<Settings>;
  /** The URL that a careful customer writes for them. A method, so that a type's own settings fit. */
  urlOf(settings: Settings): string;
}

export const escaped = (text: string): string => encodeURIComponent(text).replaceAll("'", "%27");

/** `user:password@`; empty without a user. */
export const login = ({ user, password }: { user: string | null; password: string | null }): string =>
  user === null ? "" : `${escaped(user)}:${escaped(password ?? "")}@`;

export const anyText = fc.string({ unit: "binary" });
export const someText = fc.string({ unit: "binary", minLength: 1 });
export const anyHostName = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(\.[a-z][a-z0-9]{0,9}){0,2}$/);
export const anyPort = fc.oneof(
  fc.constantFrom(1, 21, 80, 443, 3306, 65535),
  fc.integer({ min: 1, max: 65535 }),
);
