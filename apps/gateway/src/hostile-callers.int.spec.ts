import type { ExplanationReport, Incident, Ticket } from '@smart-support/contracts';
import { COMPLAINTS } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

let gateway: RunningGateway | undefined;
afterEach(() => gateway?.stop());

interface Sent {
  readonly id: string;
  readonly text: string;
  readonly requester?: string;
  readonly channel?: string;
}

async function start(env: Record<string, string> = {}): Promise<RunningGateway> {
  return (gateway = await startGateway({ STORM_SUSPECTED: 'off', ...env }));
}

async function send({ port: _port, call }: RunningGateway, ticket: Sent): Promise<Ticket> {
  const { status, body } = await call('POST', '/ticket', ticket);
  expect(status).toBe(200);
  return body;
}

/** The same text from so many invented requesters, one after the other. */
async function attack(target: RunningGateway, requesters: number, text: string, channel?: string): Promise<void> {
  for (let n = 0; n < requesters; n += 1) {
    await send(target, { id: `A${n}`, text, requester: `invented${n}@example.org`, ...(channel && { channel }) });
  }
}

const incidents = async ({ call }: RunningGateway): Promise<readonly Incident[]> =>
  (await call<{ incidents: readonly Incident[] }>('GET', '/incidents')).body.incidents;

describe('a caller with one batch of 99 sentences about nine common complaints', () => {
  const BATCH = COMPLAINTS.flatMap(([text], complaint) =>
    Array.from({ length: 11 }, (_, n) => ({
      id: `A${complaint}-${n}`,
      text,
      requester: `invented${n}@example.org`,
      channel: 'web',
    })),
  );

  /** What becomes of the customers' tickets after the batch. */
  async function honestAfter(target: RunningGateway): Promise<readonly Ticket[]> {
    expect((await target.call('POST', '/tickets', BATCH)).status).toBe(207);
    const found: Ticket[] = [];
    for (const [n, text] of COMPLAINTS.flatMap(([, ...honest]) => honest).entries())
      found.push(await send(target, { id: `H${n}`, text, requester: `customer${n}@example.org`, channel: 'email' }));
    return found;
  }

  it('suppresses customers where every caller vouches for requesters', async () => {
    const found = await honestAfter(await start());
    expect(found.filter(({ status }) => status === 'suppressed').length).toBeGreaterThan(5);
  });

  it('suppresses none where only another channel vouches: its incidents stay suspected, and an operator sees why', async () => {
    const target = await start({ STORM_VOUCHED_CHANNELS: 'email' });
    const found = await honestAfter(target);
    expect(found.filter(({ status }) => status === 'suppressed')).toEqual([]);
    const suspected = await incidents(target);
    expect(suspected.length).toBeGreaterThan(5);
    expect(
      suspected.filter(({ status, held: why }) => status !== 'suspected' || why !== 'unverified_requesters'),
    ).toEqual([]);
    const why = await target.call<ExplanationReport>('GET', '/tickets/A0-10/explain');
    expect(why.body.storm_exclusion).toBe('unverified_requesters');
  });

  it('does not keep a storm of customers from opening', async () => {
    const target = await start({ STORM_VOUCHED_CHANNELS: 'email' });
    await target.call('POST', '/tickets', BATCH);
    for (let n = 0; n < 11; n += 1)
      await send(target, { id: `C${n}`, text: 'I cannot log in.', requester: `c${n}@example.org`, channel: 'email' });
    const open = (await incidents(target)).filter(({ status }) => status === 'open');
    expect(open).toMatchObject([{ held: null, member_count: 22 }]);
  });
});

describe('a caller who invents eleven requesters', () => {
  it.each([
    ['gas, as an embedding shows', 'I smell gas in my flat', 'There is a smell of gas in my flat', {}, 'harm_danger'],
    [
      'gas, as words show while no model is there',
      'I smell gas in my flat',
      'I smell gas in my flat, please help',
      { MODEL_FALLBACK: '1' },
      'harm_danger',
    ],
    [
      'a leak',
      'I can see the data of other customers in my account',
      'I can see data of other customers in my account!',
      {},
      'exposure_leak',
    ],
    [
      'a court',
      'My court date about the contract is next week and I have no papers',
      'My court date about the contract is next week, and I have no papers from you',
      {},
      'exposure_court',
    ],
  ])('does not suppress an honest report of %s', async (_what, invented, honest, env, signal) => {
    const target = await start(env);
    await attack(target, 11, invented);
    const [incident] = await incidents(target);
    expect(incident).toMatchObject({ status: 'open', member_count: 11 });
    const ticket = await send(target, { id: 'honest', text: honest, requester: 'ann@example.org' });
    expect(ticket).toMatchObject({ status: 'assigned', is_duplicate: true, master_incident_id: incident?.id });
    const why = await target.call<ExplanationReport>('GET', '/tickets/honest/explain');
    expect(why.body.incident).toMatchObject({ id: incident?.id, severe_signal: signal });
  });
});
