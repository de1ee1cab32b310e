import type { DomainState } from './domain-state';
import { wrongAnswers } from './http-answers';

const STATE: DomainState = {
  log: [],
  tickets: new Map([
    [
      'a',
      {
        status: 'assigned',
        agent: 'abel',
        incident: 'incident-1',
        isDuplicate: true,
        urgency: 0.5,
        resolution: undefined,
        released: undefined,
        stalls: 0,
        decidedMs: 0,
      },
    ],
  ]),
  incidents: [{ id: 'incident-1', status: 'open', members: ['b', 'a'], doubtful: [] }],
  desks: new Map(),
  loads: new Map([['abel', 1]]),
  lines: [],
  unfinished: [],
  dead: [],
  counted: 1,
  events: [],
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
      'The gateway says of the load of abel: [2], stored is [1]',
    ]);
  });
});
