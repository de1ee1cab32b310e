import { sum } from '../../../train/metrics';
import type { Scenario } from './day/scenario';
import { timesAssigned } from '../../audit/evidence';
import { counted } from '../../audit/finding';
import { timesInStatus } from '../../harness/history/ticket-history';
import { type DayEvidence, idsOf, incidentsOf, suspectedIncidentsOf } from './audit/day-evidence';
import type { Sample } from './recorder/recording';

/** The outcome of a scenario, in a sentence. */
export function outcomeOf(
  { id, fromMs, toMs }: Pick<Scenario, 'id' | 'fromMs' | 'toMs'>,
  evidence: DayEvidence,
  samples: readonly Sample[],
): string {
  const ids = idsOf(evidence, id);
  const routed = ids.filter((ticket) => timesAssigned(evidence, ticket) > 0).length;
  const suppressed = ids.filter((ticket) => timesInStatus(evidence.histories.get(ticket), 'suppressed') > 0).length;
  const incidents = incidentsOf(evidence, id);
  const during = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs + 5000);
  switch (id) {
    case 'office':
      return `${routed} routed, ${counted(incidents.length, 'incident')}`;
    case 'spike': {
      const waiting = Math.max(0, ...during.map((sample) => sum(Object.values(sample.waiting))));
      const queued = Math.max(0, ...during.map((sample) => sample.queued));
      return `${routed} routed; at most ${queued} in the queue and ${waiting} waiting for an agent`;
    }
    case 'slow':
      return during.some(({ breaker }) => breaker === 'open')
        ? 'the breaker opened and healed'
        : 'the breaker stayed closed';
    case 'kill':
      return `${counted(evidence.inFlight?.length ?? 0, 'ticket')} in flight, claimed again when the lease had run out`;
    case 'redis': {
      const inProcess = evidence.ledger.filter(({ answers }) => answers.some(({ status }) => status === 200)).length;
      return `${counted(inProcess, 'ticket')} routed in the gateway's own process`;
    }
    default: {
      const suspected = suspectedIncidentsOf(evidence, id).length;
      const opened =
        incidents.length > 0
          ? counted(incidents.length, 'incident')
          : suspected > 0
            ? `${counted(suspected, 'suspected incident')}, none opened`
            : 'no incident';
      return `${opened}; ${routed} given to agents, ${suppressed} suppressed${endingOf(incidents.map(({ status }) => status))}`;
    }
  }
}

function endingOf(statuses: readonly string[]): string {
  const [status] = statuses;
  if (status === 'resolved') return ', then completed by the incident';
  if (status === 'rejected') return ' for a while';
  return '';
}
