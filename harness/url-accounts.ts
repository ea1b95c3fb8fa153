/** The accounts within URLs, `scheme://user:password@host`: secrets by where they stand, also those that nobody named. */

/** Where a user without a password is a name; elsewhere it is a key or a token. */
const namedUsers = /^(?:ssh|mysql|webs?)$/i;

/** A password ends at the last `@` before the path; of one that nobody escaped, at the last `@` of all. */
const plain = /\b([a-z][a-z0-9+.-]*):\/\/([^\s/?#@:"'`<>]*)(?::([^\s/?#"'`<>]*|[^\s"'`<>]*))?@/gi;
/** The same as a part of another URL, with its own signs escaped. */
const escaped = /\b([a-z][a-z0-9+.-]*)%3A%2F%2F((?:(?!%3A|%40|%2F)[^\s&"'`<>])*)(?:%3A([^\s&"'`<>]*))?%40/gi;

/** A key of the service has a slash in it, which few escape. */
const withSlash = /\b(td):\/\/([^\s@:"'`<>]*\/[^\s@:"'`<>]*)@/gi;

/** What stands for a secret already, and what is none. */
const isHidden = (text: string): boolean => /^(?:\*{3}(?:\d+(?::\w+)?\*{3})?)?$/.test(text);

/** A text in which no URL shows its password, nor a user that is a key; `by` gives what takes its place. */
export function withoutAccounts(text: string, by: (secret: string) => string = () => "***"): string {
  if (!text.includes("@") && !text.includes("%40")) return text;
  const hide =
    (colon: string, slashes: string, at: string) =>
    (whole: string, ...parts: unknown[]) => {
      const [scheme, user, password] = parts as [string, string, string | undefined];
      const start = `${scheme}${colon}${slashes}`;
      // The token of a key that was escaped has a colon in it.
      if (isHidden(`${user}:${password ?? ""}`)) return whole;
      if (password !== undefined)
        return isHidden(password) ? whole : `${start}${user}${colon}${by(password)}${at}`;
      return isHidden(user) || namedUsers.test(scheme) ? whole : `${start}${by(user)}${at}`;
    };
  const known = text.replace(plain, hide(":", "//", "@")).replace(escaped, hide("%3A", "%2F%2F", "%40"));
  return known.replace(withSlash, (_, scheme: string, key: string) => `${scheme}://${by(key)}@`);
}

/**
 * The passwords that a URL may hold, as written and decoded; none where it has none. A URL that is wrong on purpose may
 * not parse: its password is what stands between `//user:` and either the first or the last `@`.
 */
export function passwordsIn(url: string): string[] {
  const found = [/\/\/[^:@/]*:([^@]*)@/, /\/\/[^:@/]*:(.*)@/s].flatMap(
    (pattern) => pattern.exec(url)?.[1] ?? [],
  );
  return found.flatMap((password) => [unescaped(password), password]);
}

/** A part of a URL in plain; as it is where it is not escaped well. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
