import { isSmartSupportError, type Incident, type TicketRecord, type TicketStatus } from '@smart-support/contracts';
import type { BrokerHarness } from './broker-harness';

const COMMITTED: readonly TicketStatus[] = ['assigned', 'waiting', 'suppressed', 'completed'];

/** Actions of operators in random commands, and the invariants of incidents. */
export class IncidentModel {
  constructor(private readonly harness: BrokerHarness) {}

  /** Resolves or rejects one of the incidents, or is refused. */
  async end(how: 'resolve' | 'reject', pick: number): Promise<void> {
    const incident = await this.choose(pick);
    if (!incident) return;
    const action = this.harness.broker.incidents[how](incident.id);
    if (isAlive(incident)) expect((await action).status).toBe(how === 'resolve' ? 'resolved' : 'rejected');
    else await expect(action).rejects.toMatchObject({ code: 'transition_not_allowed' });
  }

  /** Unlinks a ticket from one of the incidents, or is refused. */
  async unlink(pick: number): Promise<void> {
    const incident = await this.choose(pick);
    const memberIds = incident ? await this.harness.memberIds(incident.id) : [];
    const ticketId = memberIds[pick % memberIds.length];
    if (!incident || ticketId === undefined) return;
    const action = this.harness.broker.incidents.unlink(incident.id, ticketId);
    const may = isAlive(incident) && memberIds.length > 1;
    if (!may) await expect(action).rejects.toMatchObject({ code: 'transition_not_allowed' });
    else await action;
  }

  /** Opens an incident around a ticket, or is refused: it may belong to another one, or have been unlinked. */
  async open(ticketId: string): Promise<void> {
    try {
      const { status } = await this.harness.broker.incidents.open('Found by an operator', [ticketId]);
      expect(status).toBe('open');
    } catch (error) {
      if (!isSmartSupportError(error, 'transition_not_allowed')) throw error;
    }
  }

  /** Ends every incident. */
  async endAll(): Promise<void> {
    const { incidents } = this.harness.broker;
    const alive = (await this.all()).filter(isAlive);
    for (const [index, { id }] of alive.entries())
      await (index % 2 === 0 ? incidents.resolve(id) : incidents.reject(id));
  }

  /** A ticket belongs to one incident at most, shows which, and is suppressed only until that ends. */
  async inspect(records: readonly TicketRecord[]): Promise<void> {
    const incidents = new Map((await this.all()).map((incident) => [incident.id, incident]));
    const tickets = new Map(records.map(({ ticket }) => [ticket.id, ticket]));
    for (const { id, status, is_duplicate, master_incident_id } of tickets.values()) {
      const incident = incidents.get(master_incident_id ?? '');
      if (status === 'suppressed' && !(incident && isAlive(incident))) {
        throw new Error(`Ticket ${id} is suppressed, and its incident is ${incident?.status}`);
      }
      if (incident?.status === 'rejected') throw new Error(`Ticket ${id} belongs to a rejected incident`);
      if (!COMMITTED.includes(status)) continue;
      if (master_incident_id === null) expect(is_duplicate).toBe(false);
      if (incident) expect(is_duplicate).toBe(incident.representative_ticket_id !== id);
    }
    for (const { id, doubtful_members } of incidents.values()) {
      const { members } = await this.harness.broker.incidents.doubtfulMembers(id);
      expect(doubtful_members.count).toBe(members.length);
    }
    for (const incident of [...incidents.values()].filter(isAlive)) {
      const memberIds = await this.harness.memberIds(incident.id);
      expect(incident.member_count).toBe(memberIds.length);
      const committed = memberIds
        .flatMap((id) => tickets.get(id) ?? [])
        .filter(({ status }) => COMMITTED.includes(status));
      const elsewhere = committed.filter(({ master_incident_id }) => master_incident_id !== incident.id);
      expect(elsewhere.map(({ id }) => id)).toEqual([]);
    }
  }

  private async all(): Promise<readonly Incident[]> {
    return (await this.harness.broker.incidents.list()).incidents;
  }

  private async choose(pick: number): Promise<Incident | undefined> {
    const incidents = await this.all();
    return incidents[pick % incidents.length];
  }
}

function isAlive({ status }: Incident): boolean {
  return status === 'open' || status === 'quiet';
}
