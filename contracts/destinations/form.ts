import type { z } from "zod";

/**
 * One type of destination in both forms that workers read: the URL as the customer wrote it, and structured settings.
 * `Settings` has the type's name as `type`, and the account at the destination as `user` and `password` or as `apikey`.
 */
export interface DestinationForm<Settings extends z.ZodObject> {
  settings: Settings;
  /** Schemes of its URLs, the usual one first. */
  schemes: readonly string[];
  /** URLs that say what customers may write, and what is meant where they write less: port, method, mode. */
  examples: readonly string[];
  /** The most rows that it takes; absent where there is no limit. */
  mostRows?: number;
  /** The settings that a URL of one of the schemes means, or a problem: why it means none. */
  parse: (text: string, scheme: string) => z.output<Settings> | string;
}

/** A URL with a host, taken apart. */
export interface WrittenUrl {
  url: URL;
  /** Decoded; empty where none is written. */
  user: string;
  password: string;
  /** Undefined where none is written. */
  port: number | undefined;
}

/** The parts of a URL, or why it is no URL. A problem never repeats the URL: it may hold a password. */
export function readUrl(text: string, scheme: string): WrittenUrl | string {
  const written = partsOf(text);
  if (written === undefined) return `the ${scheme}:// destination is not a well-formed URL`;
  if (written.port === 0) return `the port of a ${scheme}:// destination is 1 to 65535`;
  return written;
}

function partsOf(text: string): WrittenUrl | undefined {
  try {
    // Unknown schemes are parsed loosely by WHATWG rules (no default port, host not checked): use those of http and ftp.
    const url = new URL(text.replace(/^[a-z][a-z0-9]*:/, "http:"));
    // The parser drops the default port of a scheme, and no port is the default of both.
    const port = url.port || new URL(text.replace(/^[a-z][a-z0-9]*:/, "ftp:")).port;
    return {
      url,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      port: port === "" ? undefined : Number(port),
    };
  } catch {
    return undefined;
  }
}
