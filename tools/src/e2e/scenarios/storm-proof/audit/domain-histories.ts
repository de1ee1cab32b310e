import {
  type TicketHistory,
  TicketHistories,
  forbiddenStep,
  timesAssigned,
} from '../../../harness/history/ticket-history';

/** What may happen to tickets of a domain in its whole history. */
export interface LifeRules {
  /** Whether a ticket may be put in line more than once, because its storm took it out of there. */
  readonly mayWait: boolean;
}

/** What is known of one domain. */
interface DomainHistory {
  readonly tickets: TicketHistories;
  /** How often each event was put into the outbox. */
  readonly events: Map<string, number>;
  readonly outboxKey: string;
}

/** The lives of all tickets of many routing domains, from the writes of the store that they share. */
export class DomainHistories {
  private readonly domains = new Map<string, DomainHistory>();

  /** Takes the next write. */
  read(command: readonly string[]): void {
    const [name = '', key = '', ...words] = command;
    const end = key.indexOf('}:');
    if (!key.startsWith('{') || end < 0) return;
    const { tickets, events, outboxKey } = this.of(key.slice(0, end + 2));
    tickets.read(command);
    if (name.toUpperCase() !== 'HSET' || key !== outboxKey) return;
    // Ids and bodies in turn.
    const ids = words.filter((_, index) => index % 2 === 0);
    for (const id of ids) events.set(id, (events.get(id) ?? 0) + 1);
  }

  /** What ever was wrong in a domain, whether or not it can still be seen: tickets routed twice, subscribers told twice. */
  wrongOf(prefix: string, { mayWait }: LifeRules): string[] {
    const domain = this.domains.get(`{${prefix}}:`);
    if (!domain) return ['Nothing was ever written'];
    const twice = [...domain.events].filter(([, times]) => times > 1);
    return [
      ...[...domain.tickets.tickets].flatMap(([id, history]) => wrongLife(id, history, mayWait)),
      ...twice.map(([event, times]) => `${event} was put into the outbox ${times} times`),
    ];
  }

  /** How often workers of a domain vanished with a ticket. */
  stallsOf(prefix: string): number {
    return this.livesOf(prefix).reduce((sum, { stalls }) => sum + stalls, 0);
  }

  /** Tickets of a domain that were suppressed and queued again. */
  releasedOf(prefix: string): number {
    return this.livesOf(prefix).filter(({ steps }) =>
      steps.some(({ status }, index) => status === 'queued' && steps[index - 1]?.status === 'suppressed'),
    ).length;
  }

  private livesOf(prefix: string): readonly TicketHistory[] {
    return [...(this.domains.get(`{${prefix}}:`)?.tickets.tickets.values() ?? [])];
  }

  private of(domain: string): DomainHistory {
    const known = this.domains.get(domain);
    if (known) return known;
    const history = {
      tickets: new TicketHistories(domain),
      events: new Map<string, number>(),
      outboxKey: `${domain}outbox:bodies`,
    };
    this.domains.set(domain, history);
    return history;
  }
}

function wrongLife(id: string, history: TicketHistory, mayWait: boolean): string[] {
  const wrong: string[] = [];
  const { steps } = history;
  const routed = mayWait ? timesAssigned(history) : steps.filter(({ status }) => isRouted(status)).length;
  if (routed > 1) wrong.push(`${id} was routed ${routed} times: ${steps.map(({ status }) => status).join(', ')}`);
  const forbidden = forbiddenStep(history);
  if (forbidden !== undefined) wrong.push(`${id} went ${forbidden}`);
  return wrong;
}

function isRouted(status: string): boolean {
  return status === 'assigned' || status === 'waiting';
}
