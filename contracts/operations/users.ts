import { z } from "zod";
import { json, operation } from "../operation.ts";
import { optional, timestamp } from "../values.ts";

/**
 * Customer side, the users of an account and their API keys. A key of a user is one of the account: whoever has it may do
 * all that the account may, until it is removed, or its user. The account itself is its operator's, who states its key: it
 * is no user, is in no list and cannot be removed, so that an account never loses its last key. A path names a user
 * by name or by email, as clients differ. Reply key sets are closed, as the Go client wants them.
 */

const userName = z
  .string()
  .regex(/^[^\p{C}/]{1,255}$/u)
  .meta({ id: "UserName" });
const email = z.string().regex(/^[^@\s]{1,63}@[^@\s]{1,191}$/);
/** Wherever one is said or told, a history has a token in its place. */
const secret = z.string().min(1).max(255);

/** Where an answer tells an API key, which is what was asked for, by operation. */
export const keyFields: Readonly<Record<string, "apikey" | "apikeys">> = {
  "user.authenticate": "apikey",
  "user.apikeys": "apikeys",
  "user.add_apikey": "apikey",
};

const byName = z.object({ name: userName });
const ofUser = json(z.strictObject({ user: z.string() }).meta({ id: "NamedUser" }));

export const authenticateUser = operation({
  id: "user.authenticate",
  summary: "The oldest API key of the user of this email and password",
  method: "POST",
  path: "/v3/user/authenticate",
  audience: "public",
  again: { is: "same", by: ["user", "password"] },
  input: z.object({ user: z.string().min(1).max(255), password: secret }),
  reply: json(z.strictObject({ name: z.string(), apikey: z.string().min(1) }).meta({ id: "Authenticated" })),
  reasons: ["wrong_password"],
});

export const listUsers = operation({
  id: "user.list",
  summary: "The users of the caller's account, in the order in which they were added",
  method: "GET",
  path: "/v3/user/list",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(
    z
      .strictObject({
        users: z.array(
          z
            .strictObject({
              id: z.int().positive(),
              name: z.string(),
              email: z.string(),
              organization: z.string().nullable(),
              first_name: z.null(),
              last_name: z.null(),
              phone: z.null(),
              gravatar_url: z.string(),
              /** Their keys are the account's. */
              administrator: z.literal(true),
              /** That one is no user. */
              account_owner: z.literal(false),
              roles: z.array(z.string()).max(0),
              created_at: timestamp,
              updated_at: timestamp,
            })
            .meta({ id: "User" }),
        ),
      })
      .meta({ id: "UserList" }),
  ),
  reasons: [],
});

export const addUser = operation({
  id: "user.add",
  summary: "Add a user to the caller's account, with a first API key",
  method: "POST",
  path: "/v3/user/add/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  // An organization is shown, and means nothing else.
  input: byName.extend({ email, password: secret, organization: optional(z.string().max(255)) }),
  reply: json(z.strictObject({ name: z.string() }).meta({ id: "AddedUser" })),
  reasons: ["already_exists"],
});

export const removeUser = operation({
  id: "user.remove",
  summary: "Remove a user with all of its API keys",
  method: "POST",
  path: "/v3/user/remove/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  input: byName,
  reply: ofUser,
  reasons: ["not_found"],
});

export const listUserKeys = operation({
  id: "user.apikeys",
  summary: "The API keys of a user, in the order in which they were added",
  method: "GET",
  path: "/v3/user/apikey/list/:name",
  audience: "customer",
  again: "reads",
  input: byName,
  reply: json(z.strictObject({ apikeys: z.array(z.string().min(1)) }).meta({ id: "UserKeys" })),
  reasons: ["not_found"],
});

export const addUserKey = operation({
  id: "user.add_apikey",
  summary: "Give a user one API key more",
  method: "POST",
  path: "/v3/user/apikey/add/:name",
  audience: "customer",
  again: "another",
  input: byName,
  reply: json(z.strictObject({ apikey: z.string().min(1) }).meta({ id: "AddedUserKey" })),
  reasons: ["not_found"],
});

export const removeUserKey = operation({
  id: "user.remove_apikey",
  summary: "Remove an API key of a user: it stops working at once",
  method: "POST",
  path: "/v3/user/apikey/remove/:name",
  audience: "customer",
  again: { is: "refused", by: ["name", "apikey"] },
  input: byName.extend({ apikey: secret }),
  reply: ofUser,
  reasons: ["not_found"],
});
