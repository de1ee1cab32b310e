import { type Evidence, openedIncidents } from './evidence';
import { type ExpectedIncident, expectedIncidents } from './expected-incidents';
import type { Audit } from './finding';
import { stormOfTicket } from './planted-storm';

/** Audits of the storms that a scenario planted in its traffic. */
export const PLANTED_STORM_AUDITS: readonly Audit[] = [
  [
    'storms and incidents',
    'opened incidents against those that the storm log demands, given which tickets report what; each planted storm has one, and one more for each that was ended before its last report',
    stormsAndIncidents,
  ],
  [
    'storms seen in-process',
    'incidents that a gateway opened in-process, against the stretches of a storm that it routed in-process, and one more for each that was resolved',
    stormsInProcess,
  ],
  [
    'members',
    'members of incidents against the tickets that the log makes members, and everyday tickets among them',
    members,
  ],
];

/** The incidents that the log demands, outage by outage. */
function expected({ storms: { planted, log, rules } }: Evidence): readonly ExpectedIncident[] {
  const outageOf = (ticketId: string): number | undefined => planted[stormOfTicket(ticketId) ?? -1]?.outage;
  return [...new Set(planted.map(({ outage }) => outage))].flatMap((outage) =>
    expectedIncidents(log, (ticketId) => outageOf(ticketId) === outage, rules),
  );
}

/** By number of the storm, the ids of incidents that have reports of it. */
export function incidentsOfStorms(
  incidents: Iterable<readonly [id: string, { readonly members: Iterable<string> }]>,
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, Set<string>>();
  for (const [id, { members: ids }] of incidents) {
    for (const ticketId of ids) {
      const storm = stormOfTicket(ticketId);
      if (storm !== undefined) found.set(storm, (found.get(storm) ?? new Set()).add(id));
    }
  }
  return new Map([...found].map(([storm, ids]) => [storm, [...ids]]));
}

function stormsAndIncidents(evidence: Evidence): string[] {
  const { planted, log } = evidence.storms;
  const opened = openedIncidents(evidence);
  const wanted = new Map(expected(evidence).map((incident) => [incident.id, incident]));
  const [found, due] = [incidentsOfStorms(opened), incidentsOfStorms(wanted)];
  const parts = new Map<number, number>();
  for (const { number } of planted) {
    const at = log.flatMap((entry, index) =>
      entry.kind === 'arrived' && stormOfTicket(entry.ticketId) === number ? [index] : [],
    );
    const ids = due.get(number) ?? [];
    const within = log.slice(at[0], at.at(-1));
    const ended = within.filter((entry) => entry.kind !== 'arrived' && ids.includes(entry.incidentId)).length;
    parts.set(number, 1 + ended);
  }
  return [
    ...[...wanted.keys()].filter((id) => !opened.has(id)).map((id) => `${id} is not there`),
    ...[...opened.keys()].filter((id) => !wanted.has(id)).map((id) => `${id} should not be there`),
    ...planted.flatMap(({ number }) => {
      const [has, should] = [found.get(number)?.length ?? 0, due.get(number)?.length ?? 0];
      const most = parts.get(number) ?? 1;
      return has === should && has <= most
        ? []
        : [`storm ${number}: ${has} incidents instead of ${should}, ${most} at most`];
    }),
  ];
}

function stormsInProcess({ ledger, routedInProcess, storms, store, webhooks }: Evidence): string[] {
  const local = new Map<number, string[]>();
  for (const { type, about, representative = '' } of webhooks) {
    const storm = stormOfTicket(representative);
    if (type !== 'incident.opened' || store.incidents.has(about)) continue;
    if (storm === undefined) return [`${about}: of no storm`];
    local.set(storm, [...(local.get(storm) ?? []), about]);
  }
  return [...local].flatMap(([storm, ids]) => {
    const outage = storms.planted[storm]?.outage;
    const reports = ledger.filter(({ id }) => storms.planted[stormOfTicket(id) ?? -1]?.outage === outage);
    const stretches = reports.filter(
      ({ id }, index) => routedInProcess.has(id) && !routedInProcess.has(reports[index - 1]?.id ?? ''),
    ).length;
    const resolved = storms.endings.filter(
      ({ incidentId, action, answers }) => action === 'resolve' && answers.includes(200) && ids.includes(incidentId),
    ).length;
    return ids.length <= stretches + resolved
      ? []
      : [`storm ${storm}: ${ids.length} incidents in ${stretches} stretches in-process, of them ${resolved} resolved`];
  });
}

function members(evidence: Evidence): string[] {
  const wanted = expected(evidence);
  const opened = openedIncidents(evidence);
  return [
    ...wanted.flatMap(({ id, members: due }) => {
      const { status, members: found = [] } = opened.get(id) ?? {};
      // A member that is not written when its incident is rejected never is.
      const missing = status === 'rejected' ? [] : [...due].filter((ticketId) => !found.includes(ticketId));
      return opened.has(id) ? missing.map((ticketId) => `${ticketId} is not in ${id}`) : [];
    }),
    ...[...opened].flatMap(([id, { members: found }]) => {
      const due = wanted.find((incident) => incident.id === id)?.members;
      return due ? found.filter((ticketId) => !due.has(ticketId)).map((ticketId) => `${ticketId} is in ${id}`) : [];
    }),
    ...[...opened].flatMap(([id, { members: found }]) =>
      found
        .filter((ticketId) => stormOfTicket(ticketId) === undefined)
        .map((ticketId) => `everyday ${ticketId} is in ${id}`),
    ),
  ];
}
