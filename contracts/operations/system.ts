import { z } from "zod";
import { json, operation } from "../operation.ts";

/** What anyone may ask: is it up, and which build is it. */

export const serverStatus = operation({
  id: "system.status",
  summary: "Whether the service and its database answer",
  method: "GET",
  path: "/v3/system/server_status",
  audience: "public",
  again: "reads",
  input: z.object({}),
  reply: json(z.strictObject({ status: z.literal("ok") }).meta({ id: "ServerStatus" })),
  reasons: [],
});

export const version = operation({
  id: "system.version",
  summary: "The identity of this build",
  method: "GET",
  path: "/version",
  audience: "public",
  again: "reads",
  input: z.object({}),
  reply: json(
    z
      .strictObject({
        component: z.string().min(1),
        release: z.string().min(1),
        /** sha256 over the sources that the image was made from. */
        digest: z.string().min(1),
      })
      .meta({ id: "Version" }),
  ),
  reasons: [],
});
