/** The parts of a similar ticket that count. */
export interface Report {
  /** In milliseconds since 1970. */
  readonly receivedMs: number;
  /** `null` counts as a requester of its own. */
  readonly requester: string | null;
}

/** Reports within one span of time. */
export interface Span<R extends Report> {
  readonly reports: readonly R[];
  /** Distinct requesters among them. */
  readonly requesters: number;
}

/**
 * The span of time with the most distinct requesters, both ends included; the earliest of several. If a moment is given, the span contains it. Linear in the
 * number of reports after sorting.
 * @param reports - in any order
 * @param momentMs - in milliseconds since 1970, of one of the reports; `null` for any span
 * @param spanMs - length of the span in milliseconds
 */
export function densestSpan<R extends Report>(reports: readonly R[], momentMs: number | null, spanMs: number): Span<R> {
  const near = reports
    .filter(({ receivedMs }) => momentMs === null || Math.abs(receivedMs - momentMs) <= spanMs)
    .sort((a, b) => a.receivedMs - b.receivedMs);
  const counts = new Map<string, number>();
  let requesters = 0;
  let best = { from: 0, to: 0, requesters: 0 };
  let from = 0;
  for (let to = 0; to < near.length; to += 1) {
    const last = near[to] as R;
    requesters += addReport(counts, last.requester);
    for (let first = near[from] as R; last.receivedMs - first.receivedMs > spanMs; first = near[from] as R) {
      requesters -= removeReport(counts, first.requester);
      from += 1;
    }
    // Reports of one moment are counted together.
    if (near[to + 1]?.receivedMs === last.receivedMs) continue;
    const containsMoment =
      momentMs === null || ((near[from] as R).receivedMs <= momentMs && momentMs <= last.receivedMs);
    if (containsMoment && requesters > best.requesters) best = { from, to: to + 1, requesters };
  }
  return { reports: near.slice(best.from, best.to), requesters: best.requesters };
}

/** Adds a report of a requester. @returns 1 if it is the first */
function addReport(counts: Map<string, number>, requester: string | null): number {
  if (requester === null) return 1;
  const count = counts.get(requester) ?? 0;
  counts.set(requester, count + 1);
  return count === 0 ? 1 : 0;
}

/** Removes a report of a requester. @returns 1 if it was the last */
function removeReport(counts: Map<string, number>, requester: string | null): number {
  if (requester === null) return 1;
  const count = (counts.get(requester) ?? 0) - 1;
  counts.set(requester, count);
  return count === 0 ? 1 : 0;
}
