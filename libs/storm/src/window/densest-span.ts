/** A similar ticket as far as counting goes. */
export interface Report {
  /** In milliseconds since 1970. */
  readonly receivedMs: number;
  /** Who wrote it; `null` counts as somebody of its own. */
  readonly requester: string | null;
}

/** Reports that fit into one span of time. */
export interface Span<R extends Report> {
  readonly reports: readonly R[];
  /** Distinct requesters among them. */
  readonly requesters: number;
}

/**
 * The most requesters whose reports fit into one span of time, the ends included; where a moment is given, into one that contains it.
 * Of several such spans the earliest. Linear in the number of reports after sorting.
 * @param reports - in any order; those further away from the moment than the span are passed over
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
    requesters += come(counts, last.requester);
    for (let first = near[from] as R; last.receivedMs - first.receivedMs > spanMs; first = near[from] as R) {
      requesters -= go(counts, first.requester);
      from += 1;
    }
    // Those of one moment are in or out together.
    if (near[to + 1]?.receivedMs === last.receivedMs) continue;
    const containsMoment =
      momentMs === null || ((near[from] as R).receivedMs <= momentMs && momentMs <= last.receivedMs);
    if (containsMoment && requesters > best.requesters) best = { from, to: to + 1, requesters };
  }
  return { reports: near.slice(best.from, best.to), requesters: best.requesters };
}

/** 1 if somebody is new. */
function come(counts: Map<string, number>, requester: string | null): number {
  if (requester === null) return 1;
  const count = counts.get(requester) ?? 0;
  counts.set(requester, count + 1);
  return count === 0 ? 1 : 0;
}

/** 1 if nothing is left of somebody. */
function go(counts: Map<string, number>, requester: string | null): number {
  if (requester === null) return 1;
  const count = (counts.get(requester) ?? 0) - 1;
  counts.set(requester, count);
  return count === 0 ? 1 : 0;
}
