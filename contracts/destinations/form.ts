import type { z } from "zod";

/**
 * One type of destination in both forms that workers read: the URL as the customer wrote it, and structured settings.
 * `Settings` has the type's name as `type`, and the account at the destination as `user` and `password`.
 */
export interface DestinationForm<Settings extends z.ZodObject> {
  settings: Settings;
  /** Schemes of its URLs, the usual one first. */
  schemes: readonly string[];
  /** The settings that a URL means, or why it means none: a text that repeats nothing of the URL but its scheme. */
  parse: (url: WrittenUrl) => z.output<Settings> | string;
}

/** A URL of one of the schemes, taken apart. */
export interface WrittenUrl {
  scheme: string;
  url: URL;
  /** Decoded; empty where none is written. */
  user: string;
  password: string;
  /** Undefined where none is written. */
  port: number | undefined;
}

/** Undefined for a text that is no URL. */
export function readUrl(text: string, scheme: string): WrittenUrl | undefined {
  try {
    // Unknown schemes are parsed loosely by WHATWG rules (no default port, host not checked): use those of http and ftp.
    const url = new URL(text.replace(/^[a-z]+:/, "http:"));
    // The parser drops the default port of a scheme, and no port is the default of both.
    const port = url.port || new URL(text.replace(/^[a-z]+:/, "ftp:")).port;
    return {
      scheme,
      url,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      port: port === "" ? undefined : Number(port),
    };
  } catch {
    return undefined;
  }
}
