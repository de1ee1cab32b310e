import { sum } from '../../../train/metrics';
import { type Evidence, isQueuedBeforeRouter, openedIncidents } from '../../audit/evidence';
import { incidentsOfStorms } from '../../audit/planted-storm-audits';
import { timesInStatus, wasAdopted } from '../../harness/history/ticket-history';
import type { DomainHistory } from '../../harness/history/write-history';
import type { Ledger } from '../../harness/ledger';
import type { WebhookReceiver } from '../../harness/webhook-receiver';

/** What the numbers are counted from. */
export interface NumberSources {
  readonly evidence: Evidence;
  readonly history: DomainHistory;
  readonly ledger: Ledger;
  readonly receiver: WebhookReceiver;
  /** Figures about the writes of the store. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Numbers of a run that are not judged, by what they count. */
export function numbersOf(sources: NumberSources): Readonly<Record<string, number>> {
  const { evidence, history, ledger, receiver, numbers } = sources;
  const { store, poison, routedInProcess } = evidence;
  const all = [...history.tickets.values()];
  return {
    'tickets sent': ledger.size,
    accepted: ledger.acceptedCount,
    completed: [...store.tickets.values()].filter(({ status }) => status === 'completed').length,
    'answered in-process, adopted by Redis later': all.filter(wasAdopted).length,
    'routed by a restarted gateway while Redis was away, and by the queue that had it (decision 12)': [
      ...routedInProcess.keys(),
    ].filter((id) => isQueuedBeforeRouter(evidence, id)).length,
    'waited in line for an agent': all.filter((ticket) => timesInStatus(ticket, 'waiting') > 0).length,
    'poison planted': poison.size,
    'dead letters': store.dead.length,
    ...stormNumbers(evidence),
    'webhooks delivered': receiver.deliveredCount,
    'tries of webhooks': sum(receiver.webhooks.map(({ tries }) => tries)),
    ...prefixed('of them ', receiver.behaviourCounts),
    'stalls (a lease that expired)': sum(all.map(({ stalls }) => stalls)),
    'most stalls of one ticket': Math.max(0, ...all.map(({ stalls }) => stalls)),
    ...numbers,
    ...prefixed('highest load of ', Object.fromEntries(history.highestLoads)),
  };
}

function stormNumbers(evidence: Evidence): Readonly<Record<string, number>> {
  const { histories, routedInProcess, storms, store, webhooks } = evidence;
  const { planted } = storms;
  const opened = openedIncidents(evidence);
  const byStorm = incidentsOfStorms(opened);
  const tickets = [...store.tickets.values()];
  const incidentCount = (number: number): number => byStorm.get(number)?.length ?? 0;
  const answers = storms.endings.flatMap(({ answers: all }) => all).map(String);
  return {
    'storms planted': planted.length,
    'storms with one incident': planted.filter(({ number }) => incidentCount(number) === 1).length,
    'storms with more': planted.filter(({ number }) => incidentCount(number) > 1).length,
    'storms with none': planted.filter(({ number }) => incidentCount(number) === 0).length,
    'storms that went in-process in part': planted.filter(({ reports }) =>
      reports.some(({ id }) => routedInProcess.has(id)),
    ).length,
    'incidents opened': opened.size,
    ...prefixed(
      'of them ',
      countsOf(
        [...opened.values()].map(({ status }) => status),
        ['open', 'quiet', 'resolved', 'rejected'],
      ),
    ),
    'incidents that a gateway opened in-process': webhooks.filter(
      ({ type, about }) => type === 'incident.opened' && !store.incidents.has(about),
    ).length,
    'suspected incidents': store.incidents.size - opened.size,
    'tickets that were suppressed': [...histories.values()].filter((one) => timesInStatus(one, 'suppressed') > 0)
      .length,
    'tickets that are suppressed still': tickets.filter(({ status }) => status === 'suppressed').length,
    'tickets completed by incidents': tickets.filter(({ resolution }) => resolution === 'incident').length,
    'doubtful tickets queued again': tickets.filter(({ released }) => released !== undefined).length,
    'tries to end an incident': answers.length,
    ...prefixed('of them answered ', countsOf(answers, [...new Set(answers)])),
  };
}

/** How often each name is among the values. */
function countsOf(values: readonly string[], names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, values.filter((value) => value === name).length]));
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix}${name}`, count]));
}
