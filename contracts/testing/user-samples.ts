import type { OperationId } from "../operations.ts";

const at = "2015-08-24 14:04:09 UTC";
const password = "p@ss word";
const ann = { name: "Ann", email: "ann@example.test" };
const user = {
  id: 1,
  ...ann,
  organization: null,
  first_name: null,
  last_name: null,
  phone: null,
  gravatar_url: "https://avatars.test/1",
  administrator: true,
  account_owner: false,
  roles: [],
  created_at: at,
  updated_at: at,
};

/** Of users and their keys. */
export const userSamples = {
  "user.authenticate": { input: { user: ann.email, password }, reply: { name: "Ann", apikey: "1/0123" } },
  "user.list": { input: {}, reply: { users: [user] } },
  "user.add": { input: { ...ann, password, organization: null }, reply: { name: "Ann" } },
  "user.remove": { input: { name: "Ann" }, reply: { user: "Ann" } },
  "user.apikeys": { input: { name: "Ann" }, reply: { apikeys: ["1/0123"] } },
  "user.add_apikey": { input: { name: "Ann" }, reply: { apikey: "1/4567" } },
  "user.remove_apikey": { input: { name: "Ann", apikey: "1/4567" }, reply: { user: "Ann" } },
} satisfies Partial<Record<OperationId, { input: object; reply: unknown }>>;
