import type { Clock, IncidentEvent } from '@smart-support/contracts';
import { MOST_MEMBER_IDS, UPDATED_EVERY_MS, incidentEventBody, incidentEventId } from '../storms/incident-events';
import type { EventOutbox } from './event-outbox';
import type { IncidentBook } from './incident-book';
import type { IncidentRecord } from './incident-record';
import type { Timestamps } from './timestamps';

/** Puts into the outbox what subscribers are to learn of incidents. */
export class IncidentNews {
  constructor(
    private readonly incidents: IncidentBook,
    private readonly outbox: EventOutbox,
    private readonly clock: Clock,
    private readonly timestamps: Timestamps,
  ) {}

  /** Tells what became of an incident: once in its life for each of these. */
  tell(type: Exclude<IncidentEvent['type'], 'incident.updated'>, record: IncidentRecord): void {
    if (type === 'incident.opened') record.toldMembers = record.size;
    this.put(type, incidentEventId(type, record.id), record);
  }

  /** Tells which open incidents have doubled since they were last told of, each now and then only. */
  tellGrown(): void {
    const now = this.clock.monotonic();
    for (const record of this.incidents.alive) {
      const { status, size, toldMembers, toldGrownAt } = record;
      if (status !== 'open' || size < 2 * toldMembers) continue;
      if (toldGrownAt !== null && now - toldGrownAt < UPDATED_EVERY_MS) continue;
      record.toldMembers = size;
      record.toldGrownAt = now;
      this.put('incident.updated', incidentEventId('incident.updated', record.id, size), record);
    }
  }

  private put(type: IncidentEvent['type'], id: string, record: IncidentRecord): void {
    const memberIds = record.membersAfter(null, MOST_MEMBER_IDS).map(({ ticket_id }) => ticket_id);
    const now = this.timestamps.now();
    this.outbox.add(id, incidentEventBody(type, record.describe(), memberIds, now), now);
  }
}
