import type { Reply } from "../../../contracts/in-process.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { field, textField } from "../../../contracts/step.ts";
import { type Call, type Input, type Party, unknownJob } from "../probe.ts";
import { insert } from "../tries.ts";

/** Users of an account: whose they are, what is said of them, and what their keys open and no longer open. */

const nobody = "probe nobody";
/** Of an API that has told none: nothing is asked by it. */
const noKey = "1/of-nobody";

/** What must not be taken of a user; a password or a key stands as a token in a history, so that none is tried. */
const wrong: readonly Input[] = [
  { email: "nowhere" },
  { email: "a b@probe.invalid" },
  { email: "@" },
  { email: undefined },
  { password: undefined },
  { password: "" },
  { organization: 7 },
  { roles: ["administrator"] },
  { name: "a/b" },
  { name: "a\tb" },
];

/** Every call about the user of this name. */
const calls = (name: string, apikey: string): Call[] => [
  ["user.apikeys", { name }],
  ["user.add_apikey", { name }],
  ["user.remove_apikey", { name, apikey }],
  ["user.remove", { name }],
];

const keysIn = (reply: Reply | null): string[] => {
  const keys = field(reply?.body, "apikeys");
  return Array.isArray(keys) ? keys.map(String) : [];
};

/** A call that bears a key of a user in the place of its customer's own. */
const withKey = async (
  party: Party,
  apikey: string,
  operation: OperationId,
  input: Input = {},
): Promise<Reply | null> =>
  apikey === noKey ? null : party.asCustomer(operation, input, { authorization: `TD1 ${apikey}` });

export async function users(party: Party): Promise<void> {
  // Who has no way to take a user away again makes none.
  if (party.lacks("user.remove")) return;
  const { generation } = party;
  const name = `Probe ${generation}`;
  const email = `probe.${generation}@probe.invalid`;
  const password = `of the prober ${generation}`;
  const ann = { name, email, password };
  const list = () => party.asCustomer("user.list", {});
  const keys = async (of: string = name) => keysIn(await party.asCustomer("user.apikeys", { name: of }));
  const login = (more: Input = {}) =>
    party.ask("none", "user.authenticate", { user: email, password, ...more });
  await list();
  await login();
  await inVain(party, ann);
  await party.askByCustomer(wrong.map((input) => ["user.add", { ...ann, ...input }]));
  await list();
  for (const more of [{ organization: "" }, {}, { name: `${name} too` }, { email: `other.${email}` }])
    await party.asCustomer("user.add", { ...ann, ...more });
  const [first = noKey] = await keys();
  await list();
  await logins(login);
  await strangers(party, name, email, first);
  await opens(party, first);
  const second = await another(party, ann, first);
  // Each key by itself, in either order, and again.
  const added = textField((await party.asCustomer("user.add_apikey", { name }))?.body, "apikey") ?? noKey;
  const third = textField((await party.asCustomer("user.add_apikey", { name: email }))?.body, "apikey");
  const last = textField((await party.asCustomer("user.add_apikey", { name }))?.body, "apikey") ?? noKey;
  await login();
  await keys();
  // The newest goes before the oldest.
  await party.asCustomer("user.remove_apikey", { name, apikey: last });
  await shut(party, last);
  await keys();
  await Promise.all([added, third ?? noKey, second].map((key) => withKey(party, key, "database.list")));
  await party.asCustomer("user.remove_apikey", { name, apikey: second });
  for (const again of [1, 2]) {
    await party.asCustomer("user.remove_apikey", { name: again === 1 ? name : email, apikey: first });
    await shut(party, first);
    await keys();
  }
  await withKey(party, added, "database.list");
  // With no key but this one it is taken away by whoever has it.
  await withKey(party, added, "user.remove_apikey", { name, apikey: added });
  await shut(party, added);
  await login();
  await party.asCustomer("user.remove", { name: email });
  await shut(party, third ?? noKey);
  await login();
  for (const [operation, input] of calls(name, added)) await party.asCustomer(operation, input);
  await list();
  await keys(`${name} two`);
  await leave(party, name, second);
}

/** What nobody has, asked by everybody. */
async function inVain(party: Party, user: Input): Promise<void> {
  await party.askEach([...party.others, party.customer], calls(nobody, noKey));
  await party.askEach(party.impostors, [
    ["user.add", user],
    ["user.list", {}],
  ]);
}

async function logins(login: (more?: Input) => Promise<Reply | null>): Promise<void> {
  const others = [{ password: "of somebody else" }, { user: "nobody@probe.invalid" }, { user: "" }];
  for (const more of [{}, ...others, { password: undefined }]) await login(more);
}

/** Nobody but its account sees a user, or changes it. */
async function strangers(party: Party, name: string, email: string, key: string): Promise<void> {
  await party.askByOthers([...calls(name, key), ...calls(email, key), ["user.list", {}]]);
  await party.asCustomer("user.apikeys", { name });
}

/** A key of a user is one of its account. */
async function opens(party: Party, key: string): Promise<void> {
  await withKey(party, key, "database.list");
  await withKey(party, key, "user.list");
  const issued = await withKey(party, key, "job.issue", party.order(insert));
  const job_id = textField(issued?.body, "job_id") ?? unknownJob;
  await withKey(party, key, "job.show", { job_id });
  await withKey(party, key, "job.kill", { job_id });
}

/** What was removed opens nothing. */
async function shut(party: Party, key: string): Promise<void> {
  await Promise.all([withKey(party, key, "database.list"), withKey(party, key, "user.list")]);
}

/** A second user, made by a key of the first: what is one's is not the other's. @returns its key */
async function another(party: Party, first: Input, key: string): Promise<string> {
  const other = {
    ...first,
    name: `${String(first["name"])} two`,
    email: `two.${String(first["email"])}`,
    organization: "probers",
  };
  await withKey(party, key, "user.add", other);
  const [own = noKey] = keysIn(await party.asCustomer("user.apikeys", { name: other.email }));
  await party.asCustomer("user.list", {});
  return own;
}

/** The second user goes by its own key, and its name can be had again. */
async function leave(party: Party, name: string, key: string): Promise<void> {
  const other = `${name} two`;
  await withKey(party, key, "user.remove", { name: other });
  await shut(party, key);
  await party.asCustomer("user.list", {});
  const again = { name: other, email: `two.${party.generation}@probe.invalid`, password: "once more" };
  await party.asCustomer("user.add", again);
  const keys = await party.asCustomer("user.apikeys", { name: other });
  for (const one of keysIn(keys)) await withKey(party, one, "database.list");
  await shut(party, key);
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("user.remove", { name: other });
  await party.asCustomer("user.list", {});
}
