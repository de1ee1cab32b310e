import type { HttpClient } from '../harness/http-client';
import { readMembers } from '../harness/read-members';
import type { StoreState } from '../harness/store-state';

/** Differences between what a gateway answers and what the store has. */
export async function wrongAnswers(client: Pick<HttpClient, 'send'>, state: StoreState): Promise<string[]> {
  const wrong: string[] = [];
  const compare = (what: string, found: readonly unknown[], expected: readonly unknown[]): void => {
    const [is, shouldBe] = [JSON.stringify(found), JSON.stringify(expected)];
    if (is !== shouldBe) wrong.push(`The gateway answers ${is} for ${what}, stored is ${shouldBe}`);
  };
  for (const [id, ticket] of state.tickets) {
    const { body } = await client.send('GET', `/tickets/${id}`);
    const expected = [ticket.status, ticket.agent ?? null, ticket.incident ?? null, ticket.isDuplicate];
    compare(id, fieldsOf(body, ['status', 'assigned_agent', 'master_incident_id', 'is_duplicate']), expected);
  }
  const { body: listed } = await client.send('GET', '/incidents');
  compare(
    'incidents',
    itemsOf(listed, 'incidents').map((one) => fieldsOf(one, ['id', 'status', 'member_count'])),
    [...state.incidents].reverse().map(([id, { status, members }]) => [id, status, members.length]),
  );
  for (const [id, { members }] of state.incidents)
    compare(`members of ${id}`, [...(await readMembers(client, id))].sort(), [...members].sort());
  const { body: roster } = await client.send('GET', '/agents');
  const loads = itemsOf(roster, 'agents').map((one) => fieldsOf(one, ['id', 'load']));
  for (const [id, load] of loads) compare(`the load of ${String(id)}`, [load], [state.loads.get(String(id)) ?? 0]);
  return wrong;
}

function itemsOf(body: unknown, name: string): readonly unknown[] {
  const [items] = fieldsOf(body, [name]);
  return Array.isArray(items) ? items : [];
}

function fieldsOf(value: unknown, names: readonly string[]): unknown[] {
  const fields = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return names.map((name) => fields[name]);
}
