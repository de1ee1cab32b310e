import type { ExplanationReport, Incident, Ticket } from '@smart-support/contracts';
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
    await send(target, { id: `A${n}`, text, requester: `nobody${n}@example.org`, ...(channel && { channel }) });
  }
}

const incidents = async ({ call }: RunningGateway): Promise<readonly Incident[]> =>
  (await call<{ incidents: readonly Incident[] }>('GET', '/incidents')).body.incidents;

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
    expect(why.body.incident).toMatchObject({ id: incident?.id, grave: signal });
  });
});
