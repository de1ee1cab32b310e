import type { ExplanationReport, Incident, IncidentMember, ResolvedIncident, Ticket } from '@smart-support/contracts';
import { eventually } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

/** The same failure in nearly the same words. */
const outage = (name: string): string =>
  `The whole dashboard is down since nine, nobody in our office can log in. Regards, ${name}`;

interface IncidentPage {
  readonly incidents: readonly Incident[];
  readonly next_cursor: string | null;
}

interface MemberPage {
  readonly members: readonly IncidentMember[];
  readonly next_cursor: string | null;
}

interface EndedBody {
  readonly results: readonly { readonly id: string; readonly status_code: number; readonly body: object }[];
  readonly has_more: boolean;
}

interface ProblemBody {
  readonly status: number;
  readonly errors?: readonly { readonly path: string }[];
}

describe('incidents over HTTP', () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await startGateway({ STORM_TICKET_THRESHOLD: '2', STORM_SUSPECTED: 'off' });
  });
  afterEach(() => gateway.stop());

  const send = async (id: string, text: string): Promise<Ticket> =>
    (await gateway.call('POST', '/ticket', { id, text })).body;
  const list = async (query = ''): Promise<readonly Incident[]> =>
    (await gateway.call<IncidentPage>('GET', `/incidents${query}`)).body.incidents;
  const statuses = async (...ids: string[]): Promise<string[]> =>
    Promise.all(ids.map(async (id) => (await gateway.call('GET', `/tickets/${id}`)).body.status));

  /** Three similar tickets, of which the third opens the incident. */
  async function aStorm(): Promise<Incident> {
    for (const [id, name] of Object.entries({ T1: 'Ann', T2: 'Ben', T3: 'Cleo' })) await send(id, outage(name));
    const [incident] = await list();
    if (!incident) throw new Error('No incident has opened');
    return incident;
  }

  it('hold what the real model finds to be alike: the third is not routed, what is different is', async () => {
    const incident = await aStorm();
    expect(incident).toMatchObject({
      status: 'open',
      representative_ticket_id: 'T1',
      member_count: 3,
      degraded: false,
    });
    expect(await statuses('T1', 'T2', 'T3')).toEqual(['assigned', 'assigned', 'suppressed']);
    const other = await send('other', 'Where do I find the invoice of last March?');
    expect(other).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
    const { body } = await gateway.call<MemberPage>('GET', `/incidents/${incident.id}/members`);
    expect(body.members.map(({ ticket_id }) => ticket_id)).toEqual(['T1', 'T2', 'T3']);
    expect(body.members.every(({ similarity }) => similarity > 0.9)).toBe(true);
    const why = await gateway.call<ExplanationReport>('GET', '/tickets/T3/explain');
    expect(why.body.incident).toEqual({ id: incident.id, similarity: 1 });
    expect(why.body.assignment).toBeNull();
    expect(why.body.timings).toHaveProperty('embed_ms');
  });

  it('route a similar ticket that says something severe and new, and explain why', async () => {
    const incident = await aStorm();
    const severe = await send('severe', `${outage('Dora')}. A patient is in danger.`);
    expect(severe).toMatchObject({ status: 'assigned', is_duplicate: true, master_incident_id: incident.id });
    const why = await gateway.call<ExplanationReport>('GET', '/tickets/severe/explain');
    expect(why.body.incident).toMatchObject({ id: incident.id, severe_signal: 'harm_danger' });
  });

  it('are resolved once: their members are completed', async () => {
    const { id } = await aStorm();
    const resolved = await gateway.call<Incident>('POST', `/incidents/${id}/resolve`);
    expect([resolved.status, resolved.body.status]).toEqual([200, 'resolved']);
    const { body } = await gateway.call('GET', '/tickets/T3');
    expect(body).toMatchObject({ status: 'completed', resolution: 'incident', master_incident_id: id });
    for (const action of ['resolve', 'reject', 'confirm']) {
      expect((await gateway.call('POST', `/incidents/${id}/${action}`)).status).toBe(409);
    }
    expect(await list('?status=open')).toEqual([]);
    expect(await list('?status=resolved')).toHaveLength(1);
  });

  /** Says the same as the others, about a bill. */
  const doubtful = `${outage('Dora')}. My lawyer sends the invoice for the damage.`;

  it('are resolved without their doubtful members, which are routed by themselves and say why', async () => {
    await send('T0', `${outage('Zoe')}. My lawyer will call you.`);
    await send('T1', `${outage('Ann')}. My lawyer will call you.`);
    await send('T2', outage('Ben'));
    const [incident] = await list();
    const { id } = incident!;
    await send('T3', outage('Cleo'));
    await send('severe', doubtful);
    expect(await statuses('T3', 'severe')).toEqual(['suppressed', 'suppressed']);
    const page = await gateway.call<MemberPage>('GET', `/incidents/${id}/members?doubtful=true`);
    const listed = page.body.members.filter(({ ticket_id }) => ticket_id === 'severe');
    expect(listed).toEqual([
      {
        ...{ ticket_id: 'severe', similarity: expect.any(Number), received_at: expect.any(String) },
        reasons: expect.arrayContaining(['severe_signal']),
      },
    ]);
    const { body } = await gateway.call<ResolvedIncident>('POST', `/incidents/${id}/resolve`);
    expect(body.doubtful_members).toMatchObject({ completed: false, count: page.body.members.length });
    expect(body.doubtful_members.first).toEqual(page.body.members);
    expect(await statuses('T3')).toEqual(['completed']);
    const routed = await eventually(
      'the released ticket is routed',
      () => gateway.call('GET', '/tickets/severe'),
      ({ body: { status } }) => status === 'assigned',
    );
    expect(routed.body).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
    const why = await gateway.call<ExplanationReport>('GET', '/tickets/severe/explain');
    expect(why.body).toMatchObject({ storm_exclusion: 'doubtful_member', incident: { id } });
  });

  it('are resolved with their doubtful members if the operator says so, one at a time or several at once', async () => {
    for (const resolve of [
      (id: string) => gateway.call('POST', `/incidents/${id}/resolve`, { complete_doubtful: true }),
      (id: string) => gateway.call('POST', '/incidents/resolve', { ids: [id], complete_doubtful: true }),
    ]) {
      await gateway.stop();
      gateway = await startGateway({ STORM_TICKET_THRESHOLD: '2', STORM_SUSPECTED: 'off' });
      await send('T0', `${outage('Zoe')}. My lawyer will call you.`);
      await send('T1', `${outage('Ann')}. My lawyer will call you.`);
      await send('T2', outage('Ben'));
      await send('severe', doubtful);
      const [incident] = await list();
      expect(await statuses('severe')).toEqual(['suppressed']);
      await resolve(incident!.id);
      expect(await statuses('severe')).toEqual(['completed']);
      expect((await list())[0]).toMatchObject({ status: 'resolved', doubtful_members: { completed: true } });
    }
  });

  it.each<[string, unknown, number]>([
    ['an array', [true], 400],
    ['no JSON', '{', 400],
    ['a word', { complete_doubtful: 'yes' }, 422],
    ['null', { complete_doubtful: null }, 422],
    ['an unknown field', { completeDoubtful: true }, 422],
  ])('are not resolved by %s, and go on as they were', async (_what, sent, status) => {
    const { id } = await aStorm();
    expect((await gateway.call('POST', `/incidents/${id}/resolve`, sent)).status).toBe(status);
    expect((await gateway.call<Incident>('GET', `/incidents/${id}`)).body.status).toBe('open');
    expect((await gateway.call('POST', `/incidents/${id}/resolve`, {})).status).toBe(200);
  });

  it('are rejected: their members are routed', async () => {
    const { id } = await aStorm();
    expect((await gateway.call('POST', `/incidents/${id}/reject`)).status).toBe(200);
    // By this process, a moment later.
    const { body } = await eventually(
      'the released ticket is routed',
      () => gateway.call('GET', '/tickets/T3'),
      ({ body: { status } }) => status === 'assigned',
    );
    expect(body).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
  });

  it('let one ticket go', async () => {
    const { id } = await aStorm();
    expect((await gateway.call('DELETE', `/incidents/${id}/members/T2`)).status).toBe(204);
    expect((await gateway.call('DELETE', `/incidents/${id}/members/T2`)).status).toBe(404);
    expect((await gateway.call<Incident>('GET', `/incidents/${id}`)).body.member_count).toBe(2);
    expect((await gateway.call('GET', '/tickets/T2')).body.master_incident_id).toBeNull();
  });

  it('are opened by hand around tickets', async () => {
    await send('a', 'The export hangs at 99 percent.');
    await send('b', 'I cannot change my password.');
    const opened = await gateway.call<Incident>('POST', '/incidents', {
      title: ' Storage is full ',
      ticket_ids: ['a', 'b'],
    });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ status: 'open', title: 'Storage is full', member_count: 2 });
    expect(opened.headers.get('location')).toBe(`/incidents/${opened.body.id}`);
    const again = { title: 'Once more', ticket_ids: ['b'] };
    expect((await gateway.call('POST', '/incidents', again)).status).toBe(409);
    expect((await gateway.call('POST', '/incidents', { ...again, ticket_ids: ['nobody'] })).status).toBe(404);
  });

  it.each<[string, unknown, number, string[]]>([
    ['no object', [1], 400, []],
    ['no JSON', '{', 400, []],
    ['nothing', {}, 422, ['title', 'ticket_ids']],
    ['an empty title', { title: ' ', ticket_ids: ['a'] }, 422, ['title']],
    ['no tickets', { title: 'x', ticket_ids: [] }, 422, ['ticket_ids']],
    ['an id that is none', { title: 'x', ticket_ids: ['a b'] }, 422, ['ticket_ids.0']],
    [
      'too many tickets',
      { title: 'x', ticket_ids: Array.from({ length: 1001 }, (_, n) => `t${n}`) },
      422,
      ['ticket_ids'],
    ],
  ])('are not opened by %s', async (_what, sent, status, paths) => {
    const { body, ...answer } = await gateway.call<ProblemBody>('POST', '/incidents', sent);
    expect(answer.status).toBe(status);
    expect((body.errors ?? []).map(({ path }) => path)).toEqual(paths);
  });

  it('are ended several at once: by their ids with an answer for each, or all of a status', async () => {
    const { id } = await aStorm();
    await send('T4', 'Where do I find the invoice of last March?');
    const byHand = (ticket: string) =>
      gateway.call<Incident>('POST', '/incidents', { title: `About ${ticket}`, ticket_ids: [ticket] });
    const other = (await byHand('T4')).body.id;
    const first = await gateway.call<EndedBody>('POST', '/incidents/resolve', { ids: [id, 'incident-1-0', id] });
    expect([first.status, first.body.has_more]).toEqual([207, false]);
    expect(first.body.results).toMatchObject([
      { id, status_code: 200, body: { id, status: 'resolved' } },
      { id: 'incident-1-0', status_code: 404, body: { status: 404 } },
    ]);
    expect(await statuses('T1', 'T2', 'T3')).toEqual(['assigned', 'assigned', 'completed']);
    const second = await gateway.call<EndedBody>('POST', '/incidents/reject', { status: 'open' });
    expect(second.body).toMatchObject({ results: [{ id: other, status_code: 200 }], has_more: false });
    expect((await gateway.call<EndedBody>('POST', '/incidents/reject', { status: 'open' })).body.results).toEqual([]);
    expect((await list('?status=open')).length).toBe(0);
  });

  it.each([
    ['nothing', {}],
    ['both', { ids: ['a'], status: 'open' }],
    ['no ids', { ids: [] }],
    ['too many', { ids: Array.from({ length: 101 }, (_, n) => `incident-${n}`) }],
    ['a status that has ended', { status: 'resolved' }],
    ['something else', { id: 'incident-1-0' }],
    ['a choice that is none', { status: 'open', complete_doubtful: 1 }],
  ])('are not ended several at once by %s', async (_what, sent) => {
    expect((await gateway.call('POST', '/incidents/resolve', sent)).status).toBe(422);
  });

  it('are not rejected by a choice that only resolving has', async () => {
    const sent = { status: 'open', complete_doubtful: true };
    expect((await gateway.call('POST', '/incidents/reject', sent)).status).toBe(422);
  });

  it('answer what is not there, or not asked for in this way, as every route does', async () => {
    const calls: [string, string, number][] = [
      ['GET', '/incidents?status=gone', 422],
      ['GET', '/incidents?status=open&status=quiet', 422],
      ['GET', '/incidents?cursor=next', 422],
      ['GET', '/incidents/incident-1-0', 404],
      ['GET', '/incidents/__proto__', 404],
      ['GET', '/incidents/incident-1-0/members', 404],
      ['GET', '/incidents/incident-1-0/members?doubtful=true', 404],
      ['GET', '/incidents/incident-1-0/members?doubtful=yes', 422],
      ['POST', '/incidents/incident-1-0/confirm', 404],
      ['POST', '/incidents/incident-1-0/resolve', 404],
      ['POST', '/incidents/incident-1-0/reject', 404],
      ['DELETE', '/incidents/incident-1-0/members/T1', 404],
      ['PUT', '/incidents', 405],
      ['GET', '/incidents/incident-1-0/reject', 405],
      ['GET', '/incidents/reject', 405],
      ['POST', '/incidents/reject', 400],
    ];
    for (const [method, path, status] of calls)
      expect([path, (await gateway.call(method, path)).status]).toEqual([path, status]);
    expect(await list()).toEqual([]);
  });
});
