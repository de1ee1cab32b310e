import type { StoredTicket } from '../../harness/store-state';
import { aStoredIncident, aStoredTicket, anEmptyStore } from '../../spec-support';
import {
  type ProofState,
  arrivedLate,
  orderFaults,
  rejectionFaults,
  resolutionFaults,
  soundnessFaults,
  stormFaults,
} from './verdict';

const ALIKE = Array.from({ length: 12 }, (_, index) => `alike-${index}`);
const OTHERS = ['other-0'];
const OFFERED = { alike: ALIKE, others: OTHERS };
/** The eleventh in the order of the log, which is not the order of the names. */
const IN_ORDER = [...ALIKE].reverse();
const OPENER = 'incident-1010-0';

function ticket(changes: Partial<StoredTicket> = {}): StoredTicket {
  return aStoredTicket({ status: 'assigned', agent: 'abel', urgency: 0.5, resolution: undefined, ...changes });
}

/** A domain without faults whose incident has the twelve tickets of a storm. */
function aStorm(): ProofState {
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
    ...anEmptyStore(),
    log: [
      { id: '999-0', kind: 'rules', ticketId: undefined },
      ...IN_ORDER.map((ticketId, place) => ({ id: `${1000 + place}-0`, kind: 'arrived', ticketId })),
      { id: '1020-0', kind: 'arrived', ticketId: 'other-0' },
    ],
    tickets,
    incidents: new Map([[OPENER, aStoredIncident('open', ALIKE, { representative: 'alike-8', doubtful: [] })]]),
    openTickets: new Map([['abel', [...IN_ORDER.slice(0, 10), 'other-0']]]),
    loads: new Map([['abel', 11]]),
    unfinished: 13,
    events: [
      `incident.opened:${OPENER}`,
      ...IN_ORDER.filter((_, place) => place < 10 && place % 3 === 0).map((id) => `ticket.urgent:${id}`),
    ],
  };
}

/** The same with some tickets changed. */
function withTickets(state: ProofState, changes: Readonly<Record<string, Partial<StoredTicket>>>): ProofState {
  const tickets = [...state.tickets].map(([id, one]) => [id, { ...one, ...changes[id] }] as const);
  return { ...state, tickets: new Map(tickets) };
}

/** The same storm once it was rejected, and every ticket routed. */
function aRejection(): ProofState {
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
    incidents: new Map([[OPENER, aStoredIncident('rejected', ALIKE, { doubtful: [] })]]),
    openTickets: new Map([['abel', [...IN_ORDER, 'other-0']]]),
    loads: new Map([['abel', 13]]),
  };
}

describe('a storm', () => {
  it('with an open incident is right', () => {
    expect([...soundnessFaults(aStorm(), OFFERED, 20), ...stormFaults(aStorm(), OFFERED)]).toEqual([]);
  });

  it.each([
    [
      'opened by another entry',
      {
        ...aStorm(),
        incidents: new Map([
          ['incident-1009-0', aStoredIncident('open', ALIKE, { representative: 'alike-8', doubtful: [] })],
        ]),
      },
    ],
    [
      'opened twice',
      {
        ...aStorm(),
        incidents: new Map([...aStorm().incidents, ['incident-9-0', aStoredIncident('open', [], { doubtful: [] })]]),
      },
    ],
    [
      'without a member',
      { ...aStorm(), incidents: new Map([[OPENER, aStoredIncident('open', ALIKE.slice(1), { doubtful: [] })]]) },
    ],
    ['never opened', { ...aStorm(), incidents: new Map() }],
    ['raised twice', { ...aStorm(), events: [...aStorm().events, `incident.opened:${OPENER}`] }],
    ['never raised', { ...aStorm(), events: aStorm().events.slice(1) }],
    ['that lost an alert', { ...aStorm(), events: aStorm().events.slice(0, -1) }],
    ['with an alert of a suppressed ticket', { ...aStorm(), events: [...aStorm().events, 'ticket.urgent:alike-0'] }],
    ['whose eleventh is routed', withTickets(aStorm(), { 'alike-1': { status: 'assigned' } })],
    ['one of whose ten is suppressed', withTickets(aStorm(), { 'alike-11': { status: 'suppressed' } })],
    ['that holds a stranger', withTickets(aStorm(), { 'other-0': { incident: OPENER } })],
    ['for which two speak', withTickets(aStorm(), { 'alike-5': { isDuplicate: false } })],
  ])('%s is not', (_what, state) => {
    expect(stormFaults(state, OFFERED)).not.toEqual([]);
  });

  it('of ten must not open', () => {
    const ten = { alike: IN_ORDER.slice(0, 10), others: OTHERS };
    const faults = stormFaults(aStorm(), ten);
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(`too many [${OPENER} open]`)]));
  });

  it('is no suspected incident', () => {
    const suspected = ['incident-8-0', aStoredIncident('suspected', [], { doubtful: [] })] as const;
    const state = aStorm();
    expect(stormFaults({ ...state, incidents: new Map([...state.incidents, suspected]) }, OFFERED)).toEqual([]);
  });
});

describe('the keys of a domain', () => {
  const { openTickets, tickets } = aStorm();
  const openTicketsOfAbel = openTickets.get('abel') ?? [];
  it.each([
    ['a lost ticket', { ...aStorm(), tickets: new Map([...tickets].slice(1)) }],
    ['a ticket of two agents', { ...aStorm(), openTickets: new Map([...openTickets, ['bina', ['other-0']]]) }],
    ['a ticket of an agent and in line', { ...aStorm(), places: new Map([['waiting:Legal', ['other-0']]]) }],
    [
      'a suppressed ticket of an agent',
      { ...aStorm(), openTickets: new Map([['abel', [...openTicketsOfAbel, 'alike-0']]]) },
    ],
    ['a ticket that is left in the queue', withTickets(aStorm(), { 'other-0': { status: 'queued' } })],
    ['a load that is too high', { ...aStorm(), loads: new Map([['abel', 12]]) }],
    ['a wrong number of unfinished tickets', { ...aStorm(), unfinished: 12 }],
    [
      'a ticket noted twice',
      { ...aStorm(), log: [...aStorm().log, { id: '2-0', kind: 'arrived', ticketId: 'alike-0' }] },
    ],
    ['a ticket that was not offered', { ...aStorm(), dead: ['stranger'] }],
  ])('show %s', (_what, state) => {
    expect(soundnessFaults(state, OFFERED, 20)).not.toEqual([]);
  });

  it('show a ticket that waits while an agent has a free slot', () => {
    const waiting = withTickets(aStorm(), { 'other-0': { status: 'waiting', agent: undefined } });
    const state = {
      ...waiting,
      places: new Map([['waiting:Legal', ['other-0']]]),
      openTickets: new Map([['abel', openTicketsOfAbel.filter((id) => id !== 'other-0')]]),
      loads: new Map([['abel', 10]]),
    };
    expect(soundnessFaults(state, OFFERED, 10)).toEqual([]);
    expect(soundnessFaults(state, OFFERED, 11)).toEqual(['A ticket waits at a load of 10 of 11']);
  });
});

describe('a rejection', () => {
  const alerted = { ...aRejection(), events: [`incident.opened:${OPENER}`] };
  const events = [
    ...alerted.events,
    ...IN_ORDER.filter((_, place) => place % 3 === 0).map((id) => `ticket.urgent:${id}`),
  ];
  const right = { ...aRejection(), events };

  it('that released every member is right', () => {
    expect([
      ...soundnessFaults(right, OFFERED, 20),
      ...rejectionFaults(right, OFFERED),
      ...orderFaults(right, OFFERED),
    ]).toEqual([]);
    expect(arrivedLate(right, OFFERED)).toBe(0);
  });

  it.each([
    ['that let one wait', withTickets(right, { 'alike-0': { status: 'suppressed' } })],
    ['that left a mark', withTickets(right, { 'alike-0': { incident: OPENER } })],
    ['that is not in the log', aStorm()],
    [
      'after which another opened',
      {
        ...right,
        incidents: new Map([...right.incidents, ['incident-7-0', aStoredIncident('open', [], { doubtful: [] })]]),
      },
    ],
    ['that lost an alert', { ...right, events: right.events.slice(0, -1) }],
    ['that raised one twice', { ...right, events: [...right.events, ...right.events.slice(-1)] }],
  ])('%s is not', (_what, state) => {
    expect(rejectionFaults(state, OFFERED)).not.toEqual([]);
  });

  it('routes founders before, the others after it', () => {
    expect(orderFaults(withTickets(right, { 'alike-0': { decidedMs: 1029 } }), OFFERED)).toHaveLength(1);
    expect(orderFaults(withTickets(right, { 'alike-11': { decidedMs: 1031 } }), OFFERED)).toHaveLength(1);
  });
});

describe('a resolution', () => {
  const done = { status: 'completed', resolution: 'incident' };
  const right = {
    ...withTickets(aStorm(), { 'alike-0': done, 'alike-1': done }),
    incidents: new Map([[OPENER, aStoredIncident('resolved', ALIKE, { representative: 'alike-8', doubtful: [] })]]),
    unfinished: 11,
  };

  it('that completes the suppressed ones is right', () => {
    expect([...soundnessFaults(right, OFFERED, 20), ...resolutionFaults(right, OFFERED)]).toEqual([]);
  });

  const doubtful = {
    ...withTickets(right, {
      'alike-0': { status: 'assigned', agent: 'abel', incident: undefined, resolution: undefined, released: OPENER },
    }),
    incidents: new Map([
      [OPENER, aStoredIncident('resolved', ALIKE, { representative: 'alike-8', doubtful: ['alike-0', 'alike-11'] })],
    ]),
    openTickets: new Map([['abel', [...(right.openTickets.get('abel') ?? []), 'alike-0']]]),
    loads: new Map([['abel', 12]]),
    unfinished: 12,
  };

  it('that routes a doubtful one, and leaves a doubtful founder with its agent, is right', () => {
    expect([...soundnessFaults(doubtful, OFFERED, 20), ...resolutionFaults(doubtful, OFFERED)]).toEqual([]);
  });

  it.each([
    ['completes it', { status: 'completed', resolution: 'incident', incident: OPENER, released: undefined }],
    ['keeps it', { status: 'suppressed', incident: OPENER, released: undefined }],
    ['leaves it marked', { incident: OPENER }],
    ['routes it for another reason', { released: undefined }],
  ] as const)('that %s is not', (_what, change) => {
    expect(resolutionFaults(withTickets(doubtful, { 'alike-0': change }), OFFERED)).not.toEqual([]);
  });

  it.each([
    ['that leaves one', withTickets(right, { 'alike-0': { status: 'suppressed' } })],
    ['that an agent made', withTickets(right, { 'alike-0': { resolution: 'agent' } })],
    ['that takes a founder', withTickets(right, { 'alike-11': done })],
  ])('%s is not', (_what, state) => {
    expect(resolutionFaults(state, OFFERED)).not.toEqual([]);
  });
});
