import { z } from "zod";
import { schemes } from "../destination.ts";
import { json, operation } from "../operation.ts";
import { objectName, optional } from "../values.ts";

/**
 * Customer side, named result targets: `td result:create` and the clients keep the URL of a destination under a name. Names
 * are an account's own. td-client-ruby writes 3 to 255 of a-z, 0-9 and `_`. What no destination can be is refused by name.
 */

const url = z.string().max(4096);
/** Of any kind that is delivered to, whatever it still lacks. */
const known = z.union(schemes.map((scheme) => url.startsWith(scheme)));
const byName = z.object({ name: objectName });
const told = json(z.strictObject({ result: objectName }).meta({ id: "NamedResultTarget" }));

export const createTarget = operation({
  id: "result.create",
  summary: "Keep the URL of a destination under a name",
  method: "POST",
  path: "/v3/result/create/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  input: byName.extend({ url: known }),
  reply: told,
  reasons: ["already_exists"],
});

export const listTargets = operation({
  id: "result.list",
  summary: "The caller's named result targets",
  method: "GET",
  path: "/v3/result/list",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(
    z
      .strictObject({
        results: z.array(
          z
            .strictObject({
              name: objectName,
              /** The Go client wants a text. */
              organization: z.literal(""),
              /** With its credentials hidden. */
              url: z.string(),
            })
            .meta({ id: "ResultTarget" }),
        ),
      })
      .meta({ id: "ResultTargetList" }),
  ),
  reasons: [],
});

export const deleteTarget = operation({
  id: "result.delete",
  summary: "Forget a named result target",
  method: "POST",
  path: "/v3/result/delete/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  /** npm `td` says the URL once more, which means nothing: the name is enough. */
  input: byName.extend({ url: optional(url) }),
  reply: told,
  reasons: ["not_found"],
});
