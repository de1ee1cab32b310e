import type { DomainState, StateOfTicket } from './domain-state';
import { arrivedLate, unsoundness, wrongOrder, wrongRejection, wrongResolution, wrongStorm } from './verdict';

const ALIKE = Array.from({ length: 12 }, (_, index) => `alike-${index}`);
const OTHERS = ['other-0'];
const OFFERED = { alike: ALIKE, others: OTHERS };
/** The eleventh in the order of the log, which is not the order of the names. */
const IN_ORDER = [...ALIKE].reverse();
const OPENER = 'incident-1010-0';

function ticket(changes: Partial<StateOfTicket> = {}): StateOfTicket {
  return {
    status: 'assigned',
    agent: 'abel',
    incident: undefined,
    isDuplicate: false,
    urgency: 0.5,
    resolution: undefined,
    released: undefined,
    stalls: 0,
    decidedMs: 0,
    ...changes,
  };
}

/** A domain in which everything is right while a storm of twelve is held. */
function aStorm(): DomainState {
  const tickets = new Map(
    IN_ORDER.map((id, place) => {
      const isFounder = place < 10;
      const status = isFounder ? 'assigned' : 'suppressed';
      const urgency = place % 3 === 0 ? 0.9 : 0.5;
      const agent = isFounder ? 'abel' : undefined;
      return [id, ticket({ status, agent, urgency, incident: OPENER, isDuplicate: place !== 3 })] as const;
    }),
  );
  tickets.set('other-0', ticket());
  return {
    log: [
      { id: '999-0', kind: 'rules', ticketId: undefined },
      ...IN_ORDER.map((ticketId, place) => ({ id: `${1000 + place}-0`, kind: 'arrived', ticketId })),
      { id: '1020-0', kind: 'arrived', ticketId: 'other-0' },
    ],
    tickets,
    incidents: [{ id: OPENER, status: 'open', members: ALIKE, doubtful: [] }],
    desks: new Map([['abel', [...IN_ORDER.slice(0, 10), 'other-0']]]),
    loads: new Map([['abel', 11]]),
    lines: [],
    unfinished: [],
    dead: [],
    counted: 13,
    events: [
      `incident.opened:${OPENER}`,
      ...IN_ORDER.filter((_, place) => place < 10 && place % 3 === 0).map((id) => `ticket.urgent:${id}`),
    ],
  };
}

/** The same with some tickets changed. */
function withTickets(state: DomainState, changes: Readonly<Record<string, Partial<StateOfTicket>>>): DomainState {
  const tickets = [...state.tickets].map(([id, one]) => [id, { ...one, ...changes[id] }] as const);
  return { ...state, tickets: new Map(tickets) };
}

/** The same storm once it was rejected, and everybody routed. */
function aRejection(): DomainState {
  const state = aStorm();
  const changes = Object.fromEntries(
    IN_ORDER.map((id, place) => [
      id,
      {
        status: 'assigned',
        agent: 'abel',
        incident: undefined,
        isDuplicate: false,
        decidedMs: place < 10 ? 1015 : 1031,
      },
    ]),
  );
  return {
    ...withTickets(state, changes),
    log: [...state.log, { id: '1030-0', kind: 'rejected', ticketId: undefined }],
    incidents: [{ id: OPENER, status: 'rejected', members: ALIKE, doubtful: [] }],
    desks: new Map([['abel', [...IN_ORDER, 'other-0']]]),
    loads: new Map([['abel', 13]]),
  };
}

describe('a storm', () => {
  it('that is held is right', () => {
    expect([...unsoundness(aStorm(), OFFERED, 20), ...wrongStorm(aStorm(), OFFERED)]).toEqual([]);
  });

  it.each([
    [
      'opened by another entry',
      { ...aStorm(), incidents: [{ id: 'incident-1009-0', status: 'open', members: ALIKE, doubtful: [] }] },
    ],
    [
      'opened twice',
      {
        ...aStorm(),
        incidents: [...aStorm().incidents, { id: 'incident-9-0', status: 'open', members: [], doubtful: [] }],
      },
    ],
    [
      'without a member',
      { ...aStorm(), incidents: [{ id: OPENER, status: 'open', members: ALIKE.slice(1), doubtful: [] }] },
    ],
    ['never opened', { ...aStorm(), incidents: [] }],
    ['told of twice', { ...aStorm(), events: [...aStorm().events, `incident.opened:${OPENER}`] }],
    ['not told of', { ...aStorm(), events: aStorm().events.slice(1) }],
    ['that lost an alert', { ...aStorm(), events: aStorm().events.slice(0, -1) }],
    ['with an alert of a suppressed ticket', { ...aStorm(), events: [...aStorm().events, 'ticket.urgent:alike-0'] }],
    ['whose eleventh is routed', withTickets(aStorm(), { 'alike-1': { status: 'assigned' } })],
    ['one of whose ten is suppressed', withTickets(aStorm(), { 'alike-11': { status: 'suppressed' } })],
    ['that holds a stranger', withTickets(aStorm(), { 'other-0': { incident: OPENER } })],
    ['for which two speak', withTickets(aStorm(), { 'alike-5': { isDuplicate: false } })],
  ])('%s is not', (_what, state) => {
    expect(wrongStorm(state, OFFERED)).not.toEqual([]);
  });

  it('of ten must not open', () => {
    const ten = { alike: IN_ORDER.slice(0, 10), others: OTHERS };
    const faults = wrongStorm(aStorm(), ten);
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(`too many [${OPENER} open]`)]));
  });

  it('is no suspicion', () => {
    const suspected = { id: 'incident-8-0', status: 'suspected', members: [], doubtful: [] };
    const state = aStorm();
    expect(wrongStorm({ ...state, incidents: [...state.incidents, suspected] }, OFFERED)).toEqual([]);
  });
});

describe('the books', () => {
  const { desks, tickets } = aStorm();
  const onDesk = desks.get('abel') ?? [];
  it.each([
    ['a lost ticket', { ...aStorm(), tickets: new Map([...tickets].slice(1)) }],
    ['a ticket on two desks', { ...aStorm(), desks: new Map([...desks, ['bina', ['other-0']]]) }],
    ['a ticket on a desk and in line', { ...aStorm(), lines: ['other-0'] }],
    ['a suppressed ticket on a desk', { ...aStorm(), desks: new Map([['abel', [...onDesk, 'alike-0']]]) }],
    ['a ticket that is left in the queue', withTickets(aStorm(), { 'other-0': { status: 'queued' } })],
    ['a load that is too high', { ...aStorm(), loads: new Map([['abel', 12]]) }],
    ['a wrong number of unfinished tickets', { ...aStorm(), counted: 12 }],
    [
      'a ticket noted twice',
      { ...aStorm(), log: [...aStorm().log, { id: '2-0', kind: 'arrived', ticketId: 'alike-0' }] },
    ],
    ['a ticket that nobody offered', { ...aStorm(), dead: ['stranger'] }],
  ])('tell of %s', (_what, state) => {
    expect(unsoundness(state, OFFERED, 20)).not.toEqual([]);
  });

  it('tell of somebody who waits while an agent is free', () => {
    const waiting = withTickets(aStorm(), { 'other-0': { status: 'waiting', agent: undefined } });
    const state = {
      ...waiting,
      lines: ['other-0'],
      desks: new Map([['abel', onDesk.filter((id) => id !== 'other-0')]]),
      loads: new Map([['abel', 10]]),
    };
    expect(unsoundness(state, OFFERED, 10)).toEqual([]);
    expect(unsoundness(state, OFFERED, 11)).toEqual(['Somebody waits at a load of 10 of 11']);
  });
});

describe('a rejection', () => {
  const alerted = { ...aRejection(), events: [`incident.opened:${OPENER}`] };
  const events = [
    ...alerted.events,
    ...IN_ORDER.filter((_, place) => place % 3 === 0).map((id) => `ticket.urgent:${id}`),
  ];
  const right = { ...aRejection(), events };

  it('that let everybody go is right', () => {
    expect([
      ...unsoundness(right, OFFERED, 20),
      ...wrongRejection(right, OFFERED),
      ...wrongOrder(right, OFFERED),
    ]).toEqual([]);
    expect(arrivedLate(right, OFFERED)).toBe(0);
  });

  it.each([
    ['that let one wait', withTickets(right, { 'alike-0': { status: 'suppressed' } })],
    ['that left a mark', withTickets(right, { 'alike-0': { incident: OPENER } })],
    ['that stands in no log', aStorm()],
    [
      'after which another opened',
      { ...right, incidents: [...right.incidents, { id: 'incident-7-0', status: 'open', members: [], doubtful: [] }] },
    ],
    ['that lost an alert', { ...right, events: right.events.slice(0, -1) }],
    ['that raised one twice', { ...right, events: [...right.events, ...right.events.slice(-1)] }],
  ])('%s is not', (_what, state) => {
    expect(wrongRejection(state, OFFERED)).not.toEqual([]);
  });

  it('routes founders before, the others after it', () => {
    expect(wrongOrder(withTickets(right, { 'alike-0': { decidedMs: 1029 } }), OFFERED)).toHaveLength(1);
    expect(wrongOrder(withTickets(right, { 'alike-11': { decidedMs: 1031 } }), OFFERED)).toHaveLength(1);
  });
});

describe('a resolution', () => {
  const done = { status: 'completed', resolution: 'incident' };
  const right = {
    ...withTickets(aStorm(), { 'alike-0': done, 'alike-1': done }),
    incidents: [{ id: OPENER, status: 'resolved', members: ALIKE, doubtful: [] }],
    counted: 11,
  };

  it('that completes the suppressed ones is right', () => {
    expect([...unsoundness(right, OFFERED, 20), ...wrongResolution(right, OFFERED)]).toEqual([]);
  });

  const doubtful = {
    ...withTickets(right, {
      'alike-0': { status: 'assigned', agent: 'abel', incident: undefined, resolution: undefined, released: OPENER },
    }),
    incidents: [{ id: OPENER, status: 'resolved', members: ALIKE, doubtful: ['alike-0', 'alike-11'] }],
    desks: new Map([['abel', [...(right.desks.get('abel') ?? []), 'alike-0']]]),
    loads: new Map([['abel', 12]]),
    counted: 12,
  };

  it('that routes a doubtful one, and leaves a doubtful founder with its agent, is right', () => {
    expect([...unsoundness(doubtful, OFFERED, 20), ...wrongResolution(doubtful, OFFERED)]).toEqual([]);
  });

  it.each([
    ['completes it', { status: 'completed', resolution: 'incident', incident: OPENER, released: undefined }],
    ['keeps it', { status: 'suppressed', incident: OPENER, released: undefined }],
    ['leaves it marked', { incident: OPENER }],
    ['routes it for another reason', { released: undefined }],
  ] as const)('that %s is not', (_what, change) => {
    expect(wrongResolution(withTickets(doubtful, { 'alike-0': change }), OFFERED)).not.toEqual([]);
  });

  it.each([
    ['that leaves one', withTickets(right, { 'alike-0': { status: 'suppressed' } })],
    ['that an agent made', withTickets(right, { 'alike-0': { resolution: 'agent' } })],
    ['that takes a founder', withTickets(right, { 'alike-11': done })],
  ])('%s is not', (_what, state) => {
    expect(wrongResolution(state, OFFERED)).not.toEqual([]);
  });
});
