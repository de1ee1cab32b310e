import { sum } from '../../../train/metrics';
import { ALERT_THRESHOLD } from '../../audit/gather-evidence';
import { INCIDENT_KEY_AUDITS } from '../../audit/incident-audits';
import { COUNT_AUDITS } from '../../audit/ticket-audits';
import type { LogLine, StoreReader } from '../../harness/store-reader';
import type { StoreState, StoredTicket } from '../../harness/store-state';

/** The state of a run's domain, with its storm log and its events. */
export interface ProofState extends StoreState {
  /** In the order of the log. */
  readonly log: readonly LogLine[];
  /** Ids of the events in the outbox, or of those that were delivered. */
  readonly events: readonly string[];
}

/** Reads the state of a domain. */
export async function readState(
  reader: StoreReader,
  agents: readonly string[],
  ticketIds: readonly string[],
): Promise<ProofState> {
  const [state, log, events] = await Promise.all([
    reader.state(agents, ticketIds),
    reader.stormLog(),
    reader.outboxEvents(),
  ]);
  return { ...state, log, events };
}

/** Similar tickets in a window above which an incident opens: the default of the engine. */
export const STORM_THRESHOLD = 10;

/** The tickets of a run. */
export interface OfferedTickets {
  readonly alike: readonly string[];
  readonly others: readonly string[];
}

/** A ticket with its id. */
interface NamedTicket extends StoredTicket {
  readonly id: string;
}

/**
 * The faults that no run may have: tickets that are lost, dead, not at rest, in two places or not where their status demands, not noted
 * once in the log; a ticket in line while an agent has a free slot; and the violations of the audits of the store.
 * @param capacity - of all agents, each of whom can do everything
 */
export function soundnessFaults(state: ProofState, offered: OfferedTickets, capacity: number): string[] {
  const ids = [...offered.alike, ...offered.others];
  const wrong: string[] = [];
  const places = placesOf(state);
  for (const id of ids) {
    const ticket = state.tickets.get(id);
    if (!ticket) {
      wrong.push(`${id} is lost`);
      continue;
    }
    const found = places.get(id) ?? [];
    const expected = placeOf(ticket);
    if (expected === undefined) wrong.push(`${id} is ${ticket.status} and not at rest`);
    else if (found.join() !== expected.join()) {
      wrong.push(`${id} is ${ticket.status} and stands in [${found.join(', ')}]`);
    }
    const noted = state.log.filter(({ kind, ticketId }) => kind === 'arrived' && ticketId === id).length;
    if (noted !== 1) wrong.push(`${id} has ${noted} entries in the log`);
  }
  for (const id of places.keys()) if (!ids.includes(id)) wrong.push(`${id} was never offered`);
  const lines = idsIn(state, 'waiting:');
  const load = sum([...state.loads.values()]);
  const routed = routedOf(state).length;
  if (load + lines.length !== routed) {
    wrong.push(`${load} slots are taken and ${lines.length} tickets in line, but ${routed} were routed`);
  }
  for (const [name, , violations] of [...COUNT_AUDITS, ...INCIDENT_KEY_AUDITS])
    wrong.push(...violations({ store: state }).map((violation) => `${name}: ${violation}`));
  if (lines.length > 0 && load !== capacity) wrong.push(`A ticket waits at a load of ${load} of ${capacity}`);
  return wrong;
}

/** The faults of alerts: each routed ticket above the threshold has one, and no other ticket has any. */
export function alertFaults(state: ProofState, routed: readonly string[]): string[] {
  const due = routed.filter((id) => (state.tickets.get(id)?.urgency ?? 0) > ALERT_THRESHOLD);
  return difference(
    'alerts',
    eventsOf(state, 'ticket.urgent').map(([, id]) => id),
    due,
  );
}

/** The faults after tickets of which eleven or fewer are similar. No ticket may wait for an agent. */
export function stormFaults(state: ProofState, { alike, others }: OfferedTickets): string[] {
  const arrived = arrivedIn(state, alike);
  const opener = arrived[STORM_THRESHOLD];
  const wrong = incidentFaults(state, opener && { id: `incident-${opener.id}`, status: 'open', members: alike });
  const founders = arrived.slice(0, STORM_THRESHOLD).map(({ ticketId }) => ticketId);
  const later = arrived.slice(STORM_THRESHOLD).map(({ ticketId }) => ticketId);
  const incident = opener && `incident-${opener.id}`;
  for (const ticket of ticketsOf(state, founders)) {
    wrong.push(...unlike(ticket, { status: 'assigned', incident }));
  }
  for (const ticket of ticketsOf(state, later)) wrong.push(...unlike(ticket, { status: 'suppressed', incident }));
  for (const ticket of ticketsOf(state, others)) {
    wrong.push(...unlike(ticket, { status: 'assigned', incident: undefined }));
  }
  if (incident !== undefined) {
    const representatives = ticketsOf(state, alike).filter(({ isDuplicate }) => !isDuplicate).length;
    if (representatives !== 1) wrong.push(`${representatives} members are no duplicates`);
  }
  return [...wrong, ...alertFaults(state, [...founders, ...others])];
}

/** The faults after the rejection of a storm, complete or not: every ticket is routed and belongs to no incident. */
export function rejectionFaults(state: ProofState, { alike, others }: OfferedTickets): string[] {
  const opener = arrivedIn(state, alike)[STORM_THRESHOLD];
  const wrong = incidentFaults(
    state,
    opener && { id: `incident-${opener.id}`, status: 'rejected', members: undefined },
  );
  if (!opener) wrong.push('No storm arrived');
  const rejections = state.log.filter(({ kind }) => kind === 'rejected').length;
  if (rejections !== 1) wrong.push(`${rejections} rejections stand in the log`);
  for (const ticket of ticketsOf(state, [...alike, ...others])) {
    if (ticket.status !== 'assigned' && ticket.status !== 'waiting') wrong.push(`${ticket.id} is ${ticket.status}`);
    if (ticket.incident !== undefined) wrong.push(`${ticket.id} still belongs to ${ticket.incident}`);
  }
  return [...wrong, ...alertFaults(state, [...alike, ...others])];
}

/**
 * The faults after a storm was resolved: suppressed members are completed, except doubtful ones, which are routed and belong to no incident; the founders
 * keep their agents.
 */
export function resolutionFaults(state: ProofState, { alike }: OfferedTickets): string[] {
  const arrived = arrivedIn(state, alike);
  const opener = arrived[STORM_THRESHOLD];
  if (!opener) return ['No storm arrived'];
  const incident = `incident-${opener.id}`;
  const wrong = incidentFaults(state, { id: incident, status: 'resolved', members: alike });
  const founders = arrived.slice(0, STORM_THRESHOLD).map(({ ticketId }) => ticketId);
  const later = arrived.slice(STORM_THRESHOLD).map(({ ticketId }) => ticketId);
  for (const ticket of ticketsOf(state, founders)) {
    wrong.push(...unlike(ticket, { status: 'assigned', incident }));
  }
  const { doubtful = [] } = state.incidents.get(incident) ?? {};
  const released = later.filter((id) => doubtful.includes(id));
  for (const ticket of ticketsOf(state, released)) {
    wrong.push(...unlike(ticket, { status: 'assigned', incident: undefined }));
    if (ticket.released !== incident) wrong.push(`${ticket.id} was released by ${ticket.released ?? 'no incident'}`);
  }
  for (const ticket of ticketsOf(
    state,
    later.filter((id) => !doubtful.includes(id)),
  )) {
    wrong.push(...unlike(ticket, { status: 'completed', incident }));
    if (ticket.resolution !== 'incident') wrong.push(`${ticket.id} was ended by ${ticket.resolution ?? 'none'}`);
  }
  return [...wrong, ...alertFaults(state, [...founders, ...released])];
}

/** Founders that were decided about after the rejection, and suppressed ones that were routed before it. */
export function orderFaults(state: ProofState, { alike }: OfferedTickets): string[] {
  const rejection = state.log.find(({ kind }) => kind === 'rejected');
  if (!rejection) return ['No rejection stands in the log'];
  const rejectedMs = writtenMs(rejection);
  return arrivedIn(state, alike).flatMap(({ ticketId, id }, place) => {
    const { decidedMs = NaN } = state.tickets.get(ticketId) ?? {};
    const isFounder = place < STORM_THRESHOLD;
    const isRight = isFounder ? decidedMs <= rejectedMs : decidedMs >= rejectedMs;
    return isRight ? [] : [`${ticketId} (${id}) was routed at ${decidedMs}, the rejection came at ${rejectedMs}`];
  });
}

/** Similar tickets that stand in the log after the rejection. */
export function arrivedLate(state: ProofState, { alike }: OfferedTickets): number {
  const place = state.log.findIndex(({ kind }) => kind === 'rejected');
  return place < 0 ? 0 : arrivedIn({ ...state, log: state.log.slice(place) }, alike).length;
}

/** The events of a kind: what they are called and what they are about. */
export function eventsOf({ events }: ProofState, kind: string): (readonly [event: string, about: string])[] {
  return events.flatMap((event) => {
    const at = event.indexOf(':');
    return event.slice(0, at) === kind ? [[event, event.slice(at + 1)] as const] : [];
  });
}

/** Suspected incidents suppress nothing, so they are left out. */
function incidentFaults(
  { incidents, ...state }: ProofState,
  expected:
    { readonly id: string; readonly status: string; readonly members: readonly string[] | undefined } | undefined,
): string[] {
  const found = [...incidents].flatMap(([id, one]) => (one.status === 'suspected' ? [] : [{ id, ...one }]));
  const name = ({ id, status }: { readonly id: string; readonly status: string }): string => `${id} ${status}`;
  const wrong = difference('incidents', found.map(name), expected ? [name(expected)] : []);
  for (const { id, members } of found) {
    if (id === expected?.id && expected.members) {
      wrong.push(...difference(`members of ${id}`, members, expected.members));
    }
  }
  const opened = eventsOf({ incidents, ...state }, 'incident.opened').map(([, id]) => id);
  return [...wrong, ...difference('incident.opened', opened, expected ? [expected.id] : [])];
}

function unlike(
  ticket: NamedTicket,
  expected: { readonly status: string; readonly incident: string | undefined },
): string[] {
  const { status, incident } = expected;
  if (ticket.status === status && ticket.incident === incident) return [];
  const inWords = (one: typeof expected): string => `${one.status} of ${one.incident ?? 'no incident'}`;
  return [`${ticket.id} is ${inWords({ status: ticket.status, incident: ticket.incident })}, not ${inWords(expected)}`];
}

function difference(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const [is, shouldBe] = [[...found].sort(), [...expected].sort()];
  if (is.join() === shouldBe.join()) return [];
  const tooMany = is.filter((one, index) => !shouldBe.includes(one) || is.indexOf(one) !== index);
  const missing = shouldBe.filter((one) => !is.includes(one));
  return [`${what}: too many [${tooMany.join(', ')}], missing [${missing.join(', ')}]`];
}

function ticketsOf({ tickets }: ProofState, ids: readonly string[]): NamedTicket[] {
  return ids.flatMap((id) => {
    const ticket = tickets.get(id);
    return ticket ? [{ ...ticket, id }] : [];
  });
}

function routedOf({ tickets }: ProofState): StoredTicket[] {
  return [...tickets.values()].filter(({ status }) => status === 'assigned' || status === 'waiting');
}

/** Names of the places where tickets stand, by id. */
function placesOf(state: ProofState): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const put = (ids: readonly string[], place: string): void => {
    for (const id of ids) places.set(id, [...(places.get(id) ?? []), place]);
  };
  for (const [agent, ids] of state.openTickets) put(ids, `open tickets of ${agent}`);
  put(idsIn(state, 'waiting:'), 'line');
  put(idsIn(state, 'tickets:'), 'queue');
  put(state.dead, 'dead letters');
  return places;
}

/** Ids in all places with names that begin so. */
function idsIn({ places }: StoreState, prefix: string): readonly string[] {
  return [...places].flatMap(([name, ids]) => (name.startsWith(prefix) ? ids : []));
}

/** Where a ticket at rest should stand; `undefined` if it should not be at rest. */
function placeOf({ status, agent }: StoredTicket): readonly string[] | undefined {
  if (status === 'assigned') return [`open tickets of ${agent ?? 'no agent'}`];
  if (status === 'waiting') return ['line'];
  return status === 'suppressed' || status === 'completed' ? [] : undefined;
}

/** The tickets of some whose arrival the log has, in its order. */
function arrivedIn(
  { log }: Pick<ProofState, 'log'>,
  among: readonly string[],
): readonly (LogLine & { ticketId: string })[] {
  const wanted = new Set(among);
  return log.flatMap((line) => {
    const { kind, ticketId } = line;
    return kind === 'arrived' && ticketId !== undefined && wanted.has(ticketId) ? [{ ...line, ticketId }] : [];
  });
}

/** When an entry was written, by the store's clock. */
function writtenMs({ id }: LogLine): number {
  return Number(id.split('-')[0]);
}
