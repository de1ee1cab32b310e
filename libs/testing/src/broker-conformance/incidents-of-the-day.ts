import { isSmartSupportError, type Incident, type TicketRecord, type TicketStatus } from '@smart-support/contracts';
import type { Scene } from './scene';

const COMMITTED: readonly TicketStatus[] = ['assigned', 'waiting', 'suppressed', 'completed'];

/** What operators do about the incidents of a random day, and what must hold of these. */
export class IncidentsOfTheDay {
  constructor(private readonly scene: Scene) {}

  /** Ends one of the incidents, or tries to. */
  async end(how: 'resolve' | 'reject', pick: number): Promise<void> {
    const incident = await this.choose(pick);
    if (!incident) return;
    const action = this.scene.broker.incidents[how](incident.id);
    if (isAlive(incident)) expect((await action).status).toBe(how === 'resolve' ? 'resolved' : 'rejected');
    else await expect(action).rejects.toMatchObject({ code: 'transition_not_allowed' });
  }

  /** Takes a ticket out of one of the incidents, or tries to. */
  async unlink(pick: number): Promise<void> {
    const incident = await this.choose(pick);
    const memberIds = incident ? await this.scene.memberIds(incident.id) : [];
    const ticketId = memberIds[pick % memberIds.length];
    if (!incident || ticketId === undefined) return;
    const action = this.scene.broker.incidents.unlink(incident.id, ticketId);
    const may = isAlive(incident) && memberIds.length > 1;
    if (!may) await expect(action).rejects.toMatchObject({ code: 'transition_not_allowed' });
    else await action;
  }

  /** Opens an incident around a ticket. That one belongs elsewhere, or is to stay alone, may stand against it. */
  async open(ticketId: string): Promise<void> {
    try {
      const { status } = await this.scene.broker.incidents.open('Seen by somebody', [ticketId]);
      expect(status).toBe('open');
    } catch (error) {
      if (!isSmartSupportError(error, 'transition_not_allowed')) throw error;
    }
  }

  /** Ends every incident, one way or the other. */
  async endAll(): Promise<void> {
    const { incidents } = this.scene.broker;
    const alive = (await this.all()).filter(isAlive);
    for (const [index, { id }] of alive.entries())
      await (index % 2 === 0 ? incidents.resolve(id) : incidents.reject(id));
  }

  /** A ticket belongs to one incident at most, shows which, and is suppressed only as long as that is not over. */
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
      const { members } = await this.scene.broker.incidents.doubtfulMembers(id);
      expect(doubtful_members.count).toBe(members.length);
    }
    for (const incident of [...incidents.values()].filter(isAlive)) {
      const memberIds = await this.scene.memberIds(incident.id);
      expect(incident.member_count).toBe(memberIds.length);
      const committed = memberIds
        .flatMap((id) => tickets.get(id) ?? [])
        .filter(({ status }) => COMMITTED.includes(status));
      const elsewhere = committed.filter(({ master_incident_id }) => master_incident_id !== incident.id);
      expect(elsewhere.map(({ id }) => id)).toEqual([]);
    }
  }

  private async all(): Promise<readonly Incident[]> {
    return (await this.scene.broker.incidents.list()).incidents;
  }

  private async choose(pick: number): Promise<Incident | undefined> {
    const incidents = await this.all();
    return incidents[pick % incidents.length];
  }
}

function isAlive({ status }: Incident): boolean {
  return status === 'open' || status === 'quiet';
}
