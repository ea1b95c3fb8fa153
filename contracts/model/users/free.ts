/** What the model does not say exactly of users. */
export const userFreedoms = [
  ...(["id", "gravatar_url"] as const).map(
    (field) =>
      ({
        operations: ["user.list"],
        side: "reply",
        field,
        how: "consistent",
        reason: "of a user it is fixed when that is added",
      }) as const,
  ),
  ...(["created_at", "updated_at"] as const).map(
    (field) =>
      ({
        operations: ["user.list"],
        side: "reply",
        field,
        how: "consistent",
        reason: "no operation changes a user: it is fixed when that is added",
      }) as const,
  ),
  {
    operations: ["user.add_apikey"],
    side: "reply",
    field: "apikey",
    how: "free",
    reason: "the service makes keys up; each is another, and works as its account's until it is removed",
  },
] as const;
