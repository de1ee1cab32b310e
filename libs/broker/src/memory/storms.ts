import { isDeepStrictEqual } from 'node:util';
import type { BrokerOptions, Claim, Clock, StormArrival, StormVerdict, Storms } from '@smart-support/contracts';
import { type ArrivedEntry, BurstDetector, type SeedReference, verdictWithDoubts } from '@smart-support/storm';
import { arrivedEntry, TICK_MS, selfConfirming, suspectedEntry } from '../rules/storms';
import type { IncidentEvents } from './operations/incident-events';
import type { StormLog } from './operations/storm-log';
import type { IncidentTable } from './tables/incident-table';
import type { Leases } from './tables/leases';

/** Judges tickets as parts of storms, in memory. */
export class MemoryStorms implements Storms {
  private readonly bursts: BurstDetector;
  /** Arrivals that the burst detector has not read yet. It reads them in {@link passTime}, so that no ticket waits for it. */
  private readonly unread: ArrivedEntry[] = [];

  constructor(
    private readonly options: Pick<BrokerOptions, 'storm' | 'bursts'>,
    seedReference: SeedReference,
    private readonly leases: Leases,
    private readonly incidents: IncidentTable,
    private readonly log: StormLog,
    private readonly events: IncidentEvents,
    private readonly clock: Clock,
  ) {
    const { windowMs, ticketThreshold } = options.storm;
    const { falseAlarmsPerMonth } = options.bursts;
    this.bursts = new BurstDetector(windowMs, { falseAlarmsPerMonth, ticketThreshold }, seedReference);
  }

  /** @throws SmartSupportError `lease_lost`, `invalid_input` for invalid vectors */
  async judge(claim: Claim, arrival: StormArrival): Promise<StormVerdict> {
    const stored = this.leases.get(claim);
    const { releasedFrom: nearest } = stored;
    if (nearest)
      return { routing: 'routed', incident: null, nearest, routed_signal: null, kept_out: 'doubtful_member' };
    const entry = arrivedEntry(stored.record.ticket, arrival);
    stored.isAlwaysRouted = arrival.isAlwaysRouted;
    const { detector } = this.log;
    const incident = this.incidents.incidentOf(stored.id);
    // A ticket that the log has forgotten since its first attempt is logged again.
    if (!detector.isKnown(stored.id)) {
      const member_of = incident && { incident_id: incident.id, similarity: incident.similarityOf(stored.id) };
      const placed = this.log.placeEntry({ ...entry, ...(member_of && { member_of }) });
      this.log.applyEntry(placed);
      if (this.options.bursts.mode !== 'off') this.unread.push(placed);
    }
    const verdict = verdictWithDoubts(detector, stored.id);
    const present = this.incidents.incidentOf(stored.id);
    // An incident whose record was dropped cannot be resolved any more: its ticket is routed.
    if (verdict.incident && verdict.incident.id !== present?.id)
      return { ...verdict, routing: 'routed', incident: null, routed_signal: null };
    if (verdict.incident?.doubts) present?.addDoubts(stored.id, verdict.incident.doubts);
    return verdict;
  }

  /** Lets incidents become quiet, looks for bursts, and emits events of incidents that have grown. To be called from time to time. */
  passTime(): void {
    this.findBursts();
    const { detector } = this.log;
    if (detector.isWaiting && this.clock.now() - detector.lastEntryMs >= TICK_MS)
      this.log.appendEntry({ kind: 'tick' });
    this.events.emitGrown();
  }

  private findBursts(): void {
    const { detector } = this.log;
    for (const entry of this.unread.splice(0)) {
      const burst = this.bursts.observe(entry, detector);
      if (burst) this.log.appendEntry(suspectedEntry(entry.id, burst));
    }
    const { storm, bursts } = this.options;
    for (const id of selfConfirming(bursts.mode, detector))
      this.log.appendEntry({ kind: 'confirmed', incident_id: id });
    const reference = this.bursts.surveyCommonMatters(this.clock.now(), storm.similarity);
    if (reference && !isDeepStrictEqual(reference, detector.commonMatters))
      this.log.appendEntry({ kind: 'reference', reference });
  }
}
