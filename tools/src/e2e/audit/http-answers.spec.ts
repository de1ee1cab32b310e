import { aStoredIncident, aStoredTicket, anEmptyStore } from '../spec-support';
import { wrongAnswers } from './http-answers';

const STATE = {
  ...anEmptyStore(),
  tickets: new Map([
    ['a', aStoredTicket({ status: 'assigned', agent: 'abel', incident: 'incident-1', isDuplicate: true })],
  ]),
  incidents: new Map([['incident-1', aStoredIncident('open', ['b', 'a'])]]),
  loads: new Map([['abel', 1]]),
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/tickets/a': {
    status: 'assigned',
    assigned_agent: 'abel',
    master_incident_id: 'incident-1',
    is_duplicate: true,
  },
  '/incidents': { incidents: [{ id: 'incident-1', status: 'open', member_count: 2 }] },
  '/incidents/incident-1/members': { members: [{ ticket_id: 'a' }, { ticket_id: 'b' }] },
  '/agents': { agents: [{ id: 'abel', load: 1 }] },
};

/** A gateway that answers so. */
const gateway = (answers: Readonly<Record<string, unknown>>) => ({
  send: async (_method: 'GET' | 'POST', path: string) => ({
    ...{ status: 200, body: answers[path], retryAfterMs: undefined, trouble: undefined, sentAt: 0, waitedMs: 0 },
  }),
});

describe('the answers of a gateway', () => {
  it('are right if they are what is stored', async () => {
    expect(await wrongAnswers(gateway(ANSWERS), STATE)).toEqual([]);
  });

  it.each(Object.keys(ANSWERS).filter((path) => path !== '/agents'))('are wrong without %s', async (path) => {
    expect(await wrongAnswers(gateway({ ...ANSWERS, [path]: undefined }), STATE)).toHaveLength(1);
  });

  it('are wrong with another load', async () => {
    const answers = { ...ANSWERS, '/agents': { agents: [{ id: 'abel', load: 2 }] } };
    expect(await wrongAnswers(gateway(answers), STATE)).toEqual([
      'The gateway answers [2] for the load of abel, stored is [1]',
    ]);
  });
});
