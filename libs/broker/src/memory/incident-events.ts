import { MAX_EVENT_MEMBERS, type Clock, type IncidentEvent } from '@smart-support/contracts';
import { UPDATED_EVERY_MS, incidentEventBody, incidentEventId } from '../rules/incident-events';
import type { MemoryOutbox } from './outbox';
import type { IncidentTable } from './incident-table';
import type { IncidentRecord } from './incident-record';
import type { Timestamps } from './timestamps';

/** Puts into the outbox what subscribers are to learn of incidents. */
export class IncidentEvents {
  constructor(
    private readonly incidents: IncidentTable,
    private readonly outbox: MemoryOutbox,
    private readonly clock: Clock,
    private readonly timestamps: Timestamps,
  ) {}

  /** Tells what became of an incident: once in its life for each of these. */
  emit(type: Exclude<IncidentEvent['type'], 'incident.updated'>, record: IncidentRecord): void {
    if (type === 'incident.opened') record.toldMembers = record.size;
    this.put(type, incidentEventId(type, record.id), record);
  }

  /** Tells which open incidents have doubled since they were last told of, each now and then only. */
  emitGrown(): void {
    const now = this.clock.monotonic();
    for (const record of this.incidents.alive) {
      const { status, size, toldMembers, updatedEventAt } = record;
      if (status !== 'open' || size < 2 * toldMembers) continue;
      if (updatedEventAt !== null && now - updatedEventAt < UPDATED_EVERY_MS) continue;
      record.toldMembers = size;
      record.updatedEventAt = now;
      this.put('incident.updated', incidentEventId('incident.updated', record.id, size), record);
    }
  }

  private put(type: IncidentEvent['type'], id: string, record: IncidentRecord): void {
    const memberIds = record.membersAfter(null, MAX_EVENT_MEMBERS).map(({ ticket_id }) => ticket_id);
    const now = this.timestamps.now();
    this.outbox.add(id, incidentEventBody(type, record.describe(), memberIds, now), now);
  }
}
