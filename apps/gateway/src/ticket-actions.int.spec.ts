import type { HistoryEntry, Ticket } from '@smart-support/contracts';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const KEYS =
  'web:ingest:web-key-web-key-web-key,mara:agent:mara-key-mara-key-mara-key,root:operator:root-key-root-key-root-key';
const as = (name: string) => ({ authorization: `Bearer ${name}-key-${name}-key-${name}-key` });

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1', API_KEYS: KEYS });
  const { body } = await gateway.call<{ agents: { id: string }[] }>('GET', '/agents', undefined, as('root'));
  for (const { id } of body.agents) await gateway.call('DELETE', `/agents/${id}`, undefined, as('root'));
  for (const [id, capacity] of [
    ['ada', 1],
    ['ben', 0],
  ] as const) {
    const skills = { Billing: 0.9, Technical: 0.9, Legal: 0.9 };
    await gateway.call('PUT', `/agents/${id}`, { name: id, skills, capacity, status: 'available' }, as('root'));
  }
  const text = 'I was charged twice for my October invoice, please refund one of the payments.';
  await gateway.call('POST', '/ticket', { id: 'T-1', text }, as('web'));
});
afterEach(() => gateway.stop());

const call = (method: string, path: string, body?: unknown) => gateway.call<Ticket>(method, path, body, as('mara'));

describe('what a desk does with one ticket', () => {
  it('stands in its history, with who did it, when and why', async () => {
    expect((await call('GET', '/tickets/T-1')).status).toBe(404);
    const id = 'web~T-1';
    expect((await call('POST', `/tickets/${id}/reassign`)).status).toBe(409);
    expect((await call('PATCH', `/tickets/${id}`, { agent: 'ben' })).status).toBe(409);
    const forced = await call('PATCH', `/tickets/${id}`, {
      agent: 'ben',
      force: true,
      category: 'Legal',
      note: 'His field',
    });
    expect(forced.body).toMatchObject({ assigned_agent: 'ben', category: 'Legal', needs_review: false });
    expect((await call('POST', `/tickets/${id}/reassign`, { note: 'Ben is ill' })).body.assigned_agent).toBe('ada');
    expect((await call('POST', `/tickets/${id}/cancel`)).body).toMatchObject({ resolution: 'cancelled' });
    expect((await call('POST', `/tickets/${id}/reopen`)).body).toMatchObject({ assigned_agent: 'ada' });
    const { body } = await gateway.call<{ history: HistoryEntry[] }>(
      'GET',
      `/tickets/${id}/history`,
      undefined,
      as('mara'),
    );
    expect(body.history.map(({ action, by, note }) => [action, by, note])).toEqual([
      ['amend', 'mara', 'His field'],
      ['reassign', 'mara', 'Ben is ill'],
      ['cancel', 'mara', null],
      ['reopen', 'mara', null],
    ]);
  });

  it('is also a note, once under its name, which a sender may add to its own tickets', async () => {
    const note = (name: string, body: unknown) => gateway.call<Ticket>('POST', '/tickets/T-1/note', body, as(name));
    for (const turn of [1, 2]) {
      const { status, body } = await note('web', { note: ` Still dead, ${turn}. `, note_id: 'mail:1' });
      expect([status, body.id]).toEqual([200, 'web~T-1']);
    }
    expect((await call('POST', '/tickets/web~T-1/note', { note: 'On it.' })).status).toBe(200);
    const { body } = await gateway.call<{ history: HistoryEntry[] }>(
      'GET',
      '/tickets/web~T-1/history',
      undefined,
      as('mara'),
    );
    expect(body.history).toMatchObject([
      { action: 'note', by: 'web', note: 'Still dead, 1.', note_id: 'mail:1', from_agent: 'ada', to_agent: 'ada' },
      { action: 'note', by: 'mara', note: 'On it.' },
    ]);
    for (const wrong of [{}, { note: ' ' }, { note: 'x', note_id: 'a b' }, { note: 'x', agent: 'ben' }]) {
      expect([wrong, (await note('web', wrong)).status]).toEqual([wrong, 422]);
    }
    expect((await note('mara', { note: 'Not a ticket of this domain.' })).status).toBe(404);
    expect((await call('POST', '/tickets/unknown/note', { note: 'x' })).status).toBe(404);
  });

  it('is refused to senders of tickets', async () => {
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/reassign'],
      ['POST', '/cancel'],
      ['POST', '/reopen'],
      ['GET', '/history'],
    ] as const) {
      const { status } = await gateway.call(
        method,
        `/tickets/T-1${path}`,
        method === 'GET' ? undefined : {},
        as('web'),
      );
      expect([path, status]).toEqual([path, 403]);
    }
  });

  it('is refused with a clear error where it makes no sense', async () => {
    for (const [body, status] of [
      [{}, 422],
      [{ note: 'only a note' }, 422],
      [{ agent: '' }, 422],
      [{ category: 'Sales' }, 422],
      [{ urgency_score: 2 }, 422],
      [{ status: 'completed' }, 422],
      [{ agent: 'unknown-agent' }, 404],
      [[], 400],
    ] as const) {
      expect([body, (await call('PATCH', '/tickets/web~T-1', body)).status]).toEqual([body, status]);
    }
    expect((await call('POST', '/tickets/unknown/cancel')).status).toBe(404);
    expect((await call('POST', '/tickets/web~T-1/cancel', { note: 'x'.repeat(1001) })).status).toBe(422);
    expect((await call('POST', '/tickets/web~T-1/reopen')).status).toBe(409);
  });
});
