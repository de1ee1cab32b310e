import { Counter, Gauge, type Registry } from 'prom-client';

/** Metrics of a process that takes tickets from the queue. */
export class WorkMetrics {
  private readonly inFlight: Gauge;
  private readonly lost: Counter;
  private readonly takenBack: Counter;
  private count: () => number = () => 0;

  /** Adds the metrics to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    this.inFlight = new Gauge({
      name: 'smart_support_claims_in_flight',
      help: 'Tickets that this process has in work.',
      registers,
    });
    this.lost = new Counter({
      name: 'smart_support_claims_lost_total',
      help: 'Tickets in work of which the lease ran out: another process may have them now.',
      registers,
    });
    this.takenBack = new Counter({
      name: 'smart_support_claims_reclaimed_total',
      help: 'Tickets of vanished workers that this process put back in the queue or aside.',
      registers,
    });
  }

  /** Counts tickets that this process, sweeping for all, took back from vanished workers. */
  countReclaimed(tickets: number): void {
    this.takenBack.inc(tickets);
  }

  /** Counts a ticket in work that is no longer this process's own. */
  countLost(): void {
    this.lost.inc();
  }

  /** From now on each scrape shows how many tickets `count` says are in work. */
  watchInFlight(count: () => number): void {
    this.count = count;
  }

  /** Asks for the count and shows it. */
  refresh(): void {
    this.inFlight.set(this.count());
  }
}
