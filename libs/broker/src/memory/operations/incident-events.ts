import { MAX_EVENT_MEMBERS, type Clock, type IncidentEvent } from '@smart-support/contracts';
import { UPDATED_EVERY_MS, incidentEventBody, incidentEventId } from '../../rules/incidents';
import type { MemoryOutbox } from '../outbox';
import type { IncidentRecord } from '../tables/incident-record';
import type { IncidentTable } from '../tables/incident-table';
import type { Timestamps } from '../tables/timestamps';

/** Emits events of incidents into the outbox. */
export class IncidentEvents {
  constructor(
    private readonly incidents: IncidentTable,
    private readonly outbox: MemoryOutbox,
    private readonly clock: Clock,
    private readonly timestamps: Timestamps,
  ) {}

  /** Emits a change of an incident's status, each once in its life. */
  emit(type: Exclude<IncidentEvent['type'], 'incident.updated'>, record: IncidentRecord): void {
    if (type === 'incident.opened') record.announcedSize = record.size;
    this.addEvent(type, incidentEventId(type, record.id), record);
  }

  /** Emits `incident.updated` for open incidents that have doubled since their last event, at most once in five minutes for each. */
  emitGrown(): void {
    const now = this.clock.monotonic();
    for (const record of this.incidents.alive) {
      const { status, size, announcedSize, updatedEventAt } = record;
      if (status !== 'open' || size < 2 * announcedSize) continue;
      if (updatedEventAt !== null && now - updatedEventAt < UPDATED_EVERY_MS) continue;
      record.announcedSize = size;
      record.updatedEventAt = now;
      this.addEvent('incident.updated', incidentEventId('incident.updated', record.id, size), record);
    }
  }

  private addEvent(type: IncidentEvent['type'], id: string, record: IncidentRecord): void {
    const memberIds = record.membersAfter(null, MAX_EVENT_MEMBERS).map(({ ticket_id }) => ticket_id);
    const now = this.timestamps.now();
    this.outbox.addEvent(id, incidentEventBody(type, record.describe(), memberIds, now), now);
  }
}
