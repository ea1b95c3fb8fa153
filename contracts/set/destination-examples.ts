import { type DestinationType, parseDestination } from "../destination.ts";

/** URLs that say what customers may write, and what is meant where they write less: the default port, method and mode. */
const examples: Readonly<Record<DestinationType, readonly string[]>> = {
  web: [
    "web://destination.test/",
    "webs://destination.test/a/b?x=%20y&method=post",
    "web://us%40er:p%2Fw@destination.test:8080/?method=PUT&z=1",
    "web://destination.test/?method=get",
  ],
  mysql: [
    "mysql://writer@destination.test/mart/daily_rows",
    "mysql://w%40rehouse:p%3Aw%2Fd@destination.test:3307/mart/daily_rows?mode=replace",
    "mysql://writer@[::1]/mart/daily_rows?mode=update&unique=id,day",
    "mysql://writer@destination.test/mart/daily_rows?mode=update",
    "mysql://writer@destination.test/mart/daily_rows?mode=upsert",
    "mysql://destination.test/mart/daily_rows",
  ],
};

/** What the URLs of a type mean: their settings, or null where they mean none. */
export const meantBy = (type: DestinationType): Record<string, unknown> =>
  Object.fromEntries(
    examples[type].map((url) => {
      const parsed = parseDestination(url);
      return [url, parsed.ok ? parsed.settings : null];
    }),
  );
