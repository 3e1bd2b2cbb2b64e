// What an integration does first, in the types that are generated from docs/openapi.json; it prints what it was told.
import createClient from "openapi-fetch";
import type { components, paths } from "./vinculo.js";

declare const process: { env: Record<string, string | undefined> };
declare const console: { log(text: string): void };

type Who = components["schemas"]["Who"];
type Problem = components["schemas"]["Problem"];

const { VINCULO_API: baseUrl = "", VINCULO_LOGIN: login = "", VINCULO_PASSWORD: password = "" } = process.env;

async function main(): Promise<void> {
  const token = await createClient<paths>({ baseUrl }).POST("/v1/session", { body: { login, password } });
  if (token.data === undefined) throw new Error(token.error.detail);
  const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token.data.access_token}` } });

  const person = await api.POST("/v1/persons", { body: { name: "Cliente em TypeScript" } });
  if (person.data === undefined) throw new Error(person.error.detail);
  const made = await api.POST("/v1/persons/{person_id}/opportunities", {
    params: { path: { person_id: person.data.id } },
    body: { subject: "Forno", amount: "1234.50" },
  });
  if (made.data === undefined) throw new Error(made.error.detail);
  const amount: string | null = made.data.amount;
  const responsible: Who | null = made.data.responsible;

  const path = { opportunity_id: made.data.id };
  const seen = { "If-Match": `"${made.data.version}"` };
  const changed = await api.PATCH("/v1/opportunities/{opportunity_id}", {
    params: { path, header: seen },
    body: { subject: "Forno maior" },
  });
  const late = await api.PATCH("/v1/opportunities/{opportunity_id}", {
    params: { path, header: seen },
    body: { subject: "Forno menor" },
  });
  // @ts-expect-error an edit of a record with a version says which version was seen
  const blind = await api.PATCH("/v1/opportunities/{opportunity_id}", { params: { path }, body: {} });
  const codes = [late.error, blind.error as Problem | undefined].map((problem) => problem?.code);

  console.log(JSON.stringify({ amount, responsible: responsible?.name, subject: changed.data?.subject, codes }));
}

await main();
