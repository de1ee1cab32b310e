import type { LoggedEntry } from '../harness/history/write-history';

/** When an incident opens, and when it is over. */
export interface StormRules {
  /** Reports that arrived within this time count together. */
  readonly windowMs: number;
  /** An incident is quiet after so long without a new member, and a rejected one is forgotten (after two hours at the latest: no run takes so long). */
  readonly quietMs: number;
  /** Strictly more requesters than this open one. */
  readonly ticketThreshold: number;
}

/** An incident that the storm log demands. */
export interface ExpectedIncident {
  /** The engine names an incident by the entry that opened it. */
  readonly id: string;
  readonly members: ReadonlySet<string>;
}

interface Report {
  readonly ticketId: string;
  readonly receivedMs: number;
}

interface Growing {
  readonly id: string;
  readonly members: Set<string>;
  status: 'open' | 'quiet' | 'resolved' | 'rejected';
  lastMs: number;
}

/**
 * The incidents that the log demands for the reports of one outage. It is given which tickets these are and compares no texts, so it checks the engine
 * independently.
 * @param entries - of the whole log, in its order
 * @param isReport - whether a ticket is a report of the outage; each is of another requester
 */
export function expectedIncidents(
  entries: readonly LoggedEntry[],
  isReport: (ticketId: string) => boolean,
  { windowMs, quietMs, ticketThreshold }: StormRules,
): readonly ExpectedIncident[] {
  const incidents: Growing[] = [];
  const seen = new Set<string>();
  let counted: Report[] = [];
  for (const entry of entries) {
    const { atMs } = entry;
    for (const incident of incidents)
      if (incident.status === 'open' && atMs - incident.lastMs >= quietMs) incident.status = 'quiet';
    if (entry.kind !== 'arrived') {
      const incident = incidents.find(({ id }) => id === entry.incidentId);
      if (incident)
        Object.assign(incident, { status: entry.kind, ...(entry.kind === 'rejected' ? { lastMs: atMs } : {}) });
      continue;
    }
    const { ticketId, receivedMs } = entry;
    if (!isReport(ticketId) || seen.has(ticketId)) continue;
    seen.add(ticketId);
    const open = incidents.find(({ status }) => status === 'open');
    if (open) {
      open.members.add(ticketId);
      open.lastMs = atMs;
      continue;
    }
    const rejected = incidents.filter(({ status, lastMs }) => status === 'rejected' && atMs - lastMs < quietMs);
    if (rejected[0]) rejected[0].lastMs = atMs;
    counted.push({ ticketId, receivedMs });
    const together = densest(counted, receivedMs, windowMs);
    // After a rejection more requesters are needed than all that are known of the matter, and not among them.
    const known = rejected.reduce((sum, { members }) => sum + members.size, counted.length - together.length);
    if (together.length <= Math.max(ticketThreshold, rejected.length > 0 ? known : 0)) continue;
    const quiet = incidents.find(({ status }) => status === 'quiet');
    const incident: Growing = quiet ?? {
      id: `incident-${entry.entryId}`,
      members: new Set(),
      status: 'open',
      lastMs: atMs,
    };
    if (!quiet) incidents.push(incident);
    Object.assign(incident, { status: 'open', lastMs: atMs });
    for (const report of together) incident.members.add(report.ticketId);
    counted = counted.filter((report) => !together.includes(report));
  }
  return incidents;
}

/** The most reports that arrived within one window in which the newcomer did; the earliest of several such windows. */
function densest(reports: readonly Report[], newcomerMs: number, windowMs: number): readonly Report[] {
  let best: readonly Report[] = [];
  for (const { receivedMs: from } of reports.toSorted((a, b) => a.receivedMs - b.receivedMs)) {
    if (from > newcomerMs || newcomerMs - from > windowMs) continue;
    const within = reports.filter(({ receivedMs }) => receivedMs >= from && receivedMs <= from + windowMs);
    if (within.length > best.length) best = within;
  }
  return best;
}
