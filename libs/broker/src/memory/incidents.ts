import {
  type Incident,
  type IncidentQuery,
  type Incidents,
  PAGE_SIZE,
  type Resolution,
  type ResolvedIncident,
  SmartSupportError,
  OPERATOR_ACTIONS,
  type OperatorDecision,
  operatorMay,
} from '@smart-support/contracts';
import type { Outcome } from '@smart-support/storm';
import { incidentNumber, memberCursor, memberPlace, onlyMember } from '../rules/incidents';
import { DECISION_KINDS } from '../rules/storms';
import type { StormLog } from './operations/storm-log';
import type { IncidentRecord } from './tables/incident-record';
import type { IncidentTable } from './tables/incident-table';
import type { TicketTable } from './tables/ticket-table';

/** Incidents in memory. */
export class MemoryIncidents implements Incidents {
  constructor(
    private readonly tickets: TicketTable,
    private readonly incidents: IncidentTable,
    private readonly log: StormLog,
  ) {}

  /** @throws SmartSupportError `invalid_input` for a cursor that no page gave */
  async list({ status, cursor }: IncidentQuery = {}): ReturnType<Incidents['list']> {
    const before = cursor === undefined ? Infinity : incidentNumber(cursor);
    const page: IncidentRecord[] = [];
    let next_cursor: string | null = null;
    for (const record of this.incidents.latestFirst()) {
      if (record.number >= before || (status && record.status !== status)) continue;
      if (page.length === PAGE_SIZE) {
        next_cursor = String(page.at(-1)?.number);
        break;
      }
      page.push(record);
    }
    return { incidents: page.map((record) => record.describe()), next_cursor };
  }

  /** See {@link Incidents}. */
  async get(incidentId: string): Promise<Incident | undefined> {
    return this.incidents.find(incidentId)?.describe();
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  async members(incidentId: string, cursor?: string): ReturnType<Incidents['members']> {
    const place = cursor === undefined ? null : memberPlace(cursor);
    const found = this.incidents.get(incidentId).membersAfter(place, PAGE_SIZE + 1);
    const members = found.slice(0, PAGE_SIZE);
    const last = members.at(-1);
    return { members, next_cursor: last && found.length > PAGE_SIZE ? memberCursor(last) : null };
  }

  /** @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  async doubtfulMembers(incidentId: string, cursor?: string): ReturnType<Incidents['doubtfulMembers']> {
    const place = cursor === undefined ? null : memberPlace(cursor);
    return this.incidents.get(incidentId).doubtfulAfter(place);
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed`, `invalid_input` without any ticket, `unavailable` during a handoff */
  async open(title: string, ticketIds: readonly string[]): Promise<Incident> {
    if (ticketIds.length === 0) throw new SmartSupportError('invalid_input', 'An incident needs at least one ticket');
    for (const ticketId of ticketIds) this.refuseUnavailable(ticketId);
    const entry = { kind: 'opened_by_hand', incident_id: '', title, ticket_ids: ticketIds } as const;
    const placed = this.log.placeEntry(entry);
    const incident_id = `incident-${placed.id}`;
    refuseFailed(incident_id, this.log.applyEntry({ ...placed, incident_id }));
    return this.incidents.get(incident_id).describe();
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async confirm(incidentId: string): Promise<Incident> {
    return this.decide(incidentId, 'confirm');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async resolve(incidentId: string, resolution?: Resolution): Promise<ResolvedIncident> {
    const record = this.incidents.find(incidentId);
    const incident = this.decide(incidentId, 'resolve', resolution);
    const first = record?.doubtfulAfter(null).members ?? [];
    return { ...incident, doubtful_members: { ...incident.doubtful_members, first } };
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed` */
  async reject(incidentId: string): Promise<Incident> {
    return this.decide(incidentId, 'reject');
  }

  /** @throws SmartSupportError `not_found`, `transition_not_allowed`, `unavailable` during a handoff */
  async unlink(incidentId: string, ticketId: string): Promise<void> {
    const record = this.incidents.get(incidentId);
    if (!record.hasMember(ticketId))
      throw new SmartSupportError('not_found', `Ticket "${ticketId}" does not belong to incident "${incidentId}"`);
    if (!operatorMay('unlink', record.status)) throw notAllowed(incidentId, `is ${record.status}`);
    if (record.size === 1 && record.status !== 'suspected') throw onlyMember(incidentId, ticketId);
    const stored = this.tickets.find(ticketId);
    stored?.refuseInHandoff();
    const entry = { kind: 'unlinked', incident_id: incidentId, ticket_id: ticketId } as const;
    refuseFailed(incidentId, this.log.appendEntry(entry));
    if (stored) stored.unlinkedFrom = incidentId;
  }

  private decide(incidentId: string, action: OperatorDecision, resolution?: Resolution): Incident {
    if (this.log.detector.isDropped(incidentId)) throw notAllowed(incidentId, 'is gone');
    const record = this.incidents.get(incidentId);
    if (!operatorMay(action, record.status))
      throw notAllowed(incidentId, `is ${record.status} and cannot become ${OPERATOR_ACTIONS[action].to}`);
    const entry = { kind: DECISION_KINDS[action], incident_id: incidentId };
    refuseFailed(incidentId, this.log.appendEntry(entry, resolution?.completeDoubtful));
    return record.describe();
  }

  /** Refuses a ticket that cannot enter an incident opened by an operator. */
  private refuseUnavailable(ticketId: string): void {
    const stored = this.tickets.get(ticketId);
    stored.refuseInHandoff();
    if (stored.unlinkedFrom !== null)
      throw notAllowed(stored.unlinkedFrom, `is one that ticket "${ticketId}" was taken out of`);
    const incident = this.incidents.incidentOf(ticketId);
    if (incident?.status === 'open' || incident?.status === 'quiet')
      throw notAllowed(incident.id, `is ${incident.status} and has ticket "${ticketId}" as a member`);
  }
}

function refuseFailed(incidentId: string, { refused }: Outcome): void {
  if (refused === 'unknown') throw new SmartSupportError('not_found', `There is no incident "${incidentId}"`);
  if (refused === 'not_allowed') throw notAllowed(incidentId, 'cannot be changed in this way');
}

function notAllowed(incidentId: string, why: string): SmartSupportError {
  return new SmartSupportError('transition_not_allowed', `Incident "${incidentId}" ${why}`);
}
