import { type Finding, counted, finding } from '../../../audit/finding';
import { timesInStatus, wasAdopted } from '../../../harness/history/ticket-history';
import type { DayEvidence, Span } from './day-evidence';

/** Milliseconds after the end of a cause within which a change still belongs to it. */
const AFTERWARDS_MS = 8000;

/** Breaker, killed worker and failover: what broke was replaced, and recovered by itself. */
export function auditEngine(evidence: DayEvidence): readonly Finding[] {
  return [breaker(evidence), worker(evidence), mode(evidence)];
}

function breaker({ samples, slow }: DayEvidence): Finding {
  const opened = firstIn(samples, slow, ({ breaker: state }) => state === 'open');
  const closed = samples.find(
    ({ atMs, breaker: state }) => opened !== undefined && atMs > opened && state === 'closed',
  );
  const against = [
    ...(opened === undefined ? ['it did not open'] : []),
    ...(samples.at(-1)?.breaker === 'closed' ? [] : ['it is not closed in the end']),
  ];
  const figures =
    opened === undefined
      ? 'closed all day'
      : `open ${seconds(opened - slow.fromMs)} after the model became slow, ` +
        (closed ? `closed ${seconds(closed.atMs - slow.toMs)} after it recovered` : 'and never closed');
  return finding('the breaker opens and closes again', figures, against);
}

function worker(evidence: DayEvidence): Finding {
  const { inFlight, store, histories, samples } = evidence;
  const timesOf = (id: string, status: string): number => timesInStatus(histories.get(id), status);
  const name = "the killed worker's tickets survive";
  if (!inFlight) return finding(name, 'no worker was killed', ['no worker was killed']);
  const against = [
    ...(inFlight.length > 0 ? [] : ['it had no ticket in flight']),
    ...inFlight
      .filter((id) => !['assigned', 'completed'].includes(store.tickets.get(id)?.status ?? ''))
      .map((id) => `${id}: ${store.tickets.get(id)?.status ?? 'lost'}`),
    ...inFlight.filter((id) => timesOf(id, 'processing') < 2).map((id) => `${id}: not claimed again`),
    ...inFlight.filter((id) => timesOf(id, 'assigned') > 1).map((id) => `${id}: routed twice`),
    ...(samples.at(-1)?.workers === Math.max(...samples.map(({ workers }) => workers)) ? [] : ['it was not replaced']),
  ];
  return finding(
    name,
    `${counted(inFlight.length, 'ticket')} in flight at the kill; claimed again and routed once`,
    against,
  );
}

function mode({ samples, redisAway, ledger, histories, routedInProcess }: DayEvidence): Finding {
  const wentSync = firstIn(samples, redisAway, ({ mode: now }) => now === 'sync');
  const cameBack = samples.find(({ atMs, mode: now }) => wentSync !== undefined && atMs > wentSync && now === 'async');
  const in200 = ledger.filter(({ answers }) => answers.some(({ status }) => status === 200)).length;
  const inProcess = [...routedInProcess.keys()];
  const adopted = inProcess.filter((id) => histories.has(id)).length;
  const against = [
    ...(wentSync === undefined ? ['it did not go sync'] : []),
    ...(samples.at(-1)?.mode === 'async' ? [] : ['it is not async in the end']),
    ...(in200 > 0 ? [] : ['no ticket was answered 200']),
    ...inProcess.filter((id) => !histories.has(id)).map((id) => `${id} was not handed over`),
    ...inProcess.flatMap((id) => {
      const history = histories.get(id);
      return history && !wasAdopted(history) ? [`${id} was also in the queue`] : [];
    }),
  ];
  const figures =
    wentSync === undefined
      ? 'async all day'
      : `sync ${seconds(wentSync - redisAway.fromMs)} after Redis died, ${counted(in200, 'ticket')} answered 200 in-process, ` +
        (cameBack
          ? `async ${seconds(cameBack.atMs - redisAway.toMs)} after the restart, ${adopted} handed over`
          : 'never async again');
  return finding('the gateway goes sync without Redis, and async again', figures, against);
}

function firstIn<S extends { readonly atMs: number }>(
  samples: readonly S[],
  { fromMs, toMs }: Span,
  is: (sample: S) => boolean,
) {
  return samples.find((sample) => sample.atMs >= fromMs && sample.atMs <= toMs + AFTERWARDS_MS && is(sample))?.atMs;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
