import type { Ticket, TicketCounts, TicketPage } from '@smart-support/contracts';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1' });
  const { body } = await gateway.call<{ agents: { id: string }[] }>('GET', '/agents');
  for (const { id } of body.agents) await gateway.call('DELETE', `/agents/${id}`);
  await gateway.call('PUT', '/agents/ada', {
    name: 'Ada',
    skills: { Billing: 0.9, Technical: 0.5, Legal: 0.7 },
    capacity: 2,
    status: 'available',
  });
  for (const [id, text] of [
    ['T-1', 'I was charged twice for my October invoice, please refund one of the payments.'],
    ['T-2', 'The app crashes when I open the settings page.'],
    ['T-3', 'Please delete all personal data that you keep about me.'],
  ]) {
    await gateway.call('POST', '/ticket', { id, text, requester: `${id}@example.com` });
  }
});
afterAll(() => gateway.stop());

const list = async (path: string): Promise<TicketPage> => (await gateway.call<TicketPage>('GET', path)).body;
const ids = async (path: string): Promise<string[]> => (await list(path)).tickets.map(({ id }) => id);

describe('GET /tickets', () => {
  it('lists all tickets, the newest first, without their whole text', async () => {
    const { tickets, next_cursor } = await list('/tickets');
    expect(next_cursor).toBeNull();
    const { text, ...rest } = (await gateway.call('GET', '/tickets/T-3')).body;
    expect(tickets.map(({ id }) => id)).toEqual(['T-3', 'T-2', 'T-1']);
    expect(tickets[0]).toEqual({ ...rest, text_start: text });
  });

  it('finds tickets by everything that a desk asks for', async () => {
    expect(await ids('/tickets?status=waiting')).toEqual(['T-3']);
    expect(await ids('/tickets?status=assigned,waiting&sort=oldest')).toEqual(['T-1', 'T-2', 'T-3']);
    expect(await ids('/tickets?agent=ada')).toEqual(['T-2', 'T-1']);
    expect(await ids('/tickets?requester=t-2%40example.com')).toEqual(['T-2']);
    expect(await ids('/tickets?q=invoice%20refund')).toEqual(['T-1']);
    expect(await ids('/tickets?received_after=2020-01-01T00:00:00Z&received_before=2021-01-01T00:00:00Z')).toEqual([]);
  });

  it('refuses what it does not know, with the field and the reason', async () => {
    for (const query of [
      'state=open',
      'status=',
      'status=open',
      'needs_review=yes',
      'received_after=today',
      'q=',
      'cursor=x',
    ]) {
      const { status, body } = await gateway.call<{ errors: { path: string }[] }>('GET', `/tickets?${query}`);
      expect([query, status]).toEqual([query, 422]);
      expect(body.errors.length).toBeGreaterThan(0);
    }
  });

  it('takes no other method', async () => {
    const { status, headers } = await gateway.call('PUT', '/tickets', {});
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});

describe('GET /agents/<id>/tickets', () => {
  it('lists what the agent has now, and what it had where that is asked for', async () => {
    expect(await ids('/agents/ada/tickets')).toEqual(['T-2', 'T-1']);
    expect(await ids('/agents/ada/tickets?status=completed')).toEqual([]);
    expect(await ids('/agents/bob/tickets')).toEqual([]);
  });
});

describe('GET /ticket-counts', () => {
  it('says how many tickets are in each status and category', async () => {
    const { body } = await gateway.call<TicketCounts>('GET', '/ticket-counts');
    const tickets = await Promise.all(
      ['T-1', 'T-2', 'T-3'].map(async (id) => (await gateway.call<Ticket>('GET', `/tickets/${id}`)).body),
    );
    expect(body).toMatchObject({ total: 3, status: { assigned: 2, waiting: 1, completed: 0 } });
    for (const { category } of tickets)
      expect(body.category[category!]).toBe(tickets.filter((one) => one.category === category).length);
    const { body: waiting } = await gateway.call<TicketCounts>('GET', '/ticket-counts?status=waiting');
    expect(waiting.total).toBe(1);
  });
});
