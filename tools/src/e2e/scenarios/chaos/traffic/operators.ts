import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@smart-support/contracts';
import type { HttpClient } from '../../../harness/http-client';
import type { Ending } from '../../../audit/evidence';
import { stormOfTicket } from '../../../audit/planted-storm';
import type { ChaosStorm } from './storms';

/** An incident that an operator saw. */
export interface SeenIncident {
  readonly id: string;
  /** The storm that its representative is a report of. */
  readonly storm: number;
}

/** How long an operator looks for an incident, and tries to end it, in milliseconds: tickets may wait long before a worker judges them. */
const PATIENCE_MS = 180_000;
const LOOK_MS = 200;

/** Plays the operators: ends incidents over HTTP, with retries until it is done. */
export class Operators {
  private readonly tasks: Promise<void>[] = [];
  private readonly known = new Map<string, SeenIncident>();
  private readonly ended: Ending[] = [];
  private isIdle = false;
  private isStopped = false;

  constructor(
    private readonly client: HttpClient,
    private readonly storms: readonly ChaosStorm[],
  ) {}

  /** Every incident seen on the list. */
  get seen(): ReadonlyMap<string, SeenIncident> {
    return this.known;
  }

  /** Every try. */
  get endings(): readonly Ending[] {
    return this.ended;
  }

  /** Ends the incidents of a storm that has just begun, as its plan says. */
  endIncidentsOf(storm: ChaosStorm): void {
    this.tasks.push(this.endIncidents(storm));
  }

  /** To be called when the engine is idle, so that no further incident opens. Resolves when every planned ending is done. */
  async finish(): Promise<void> {
    this.isIdle = true;
    await Promise.all(this.tasks);
  }

  /** Stops all tasks. */
  stop(): void {
    this.isStopped = true;
  }

  private async endIncidents({ outage, ending, endedAfterMs }: ChaosStorm): Promise<void> {
    if (ending === 'leave') return;
    const deadline = Date.now() + PATIENCE_MS;
    const isOver = (): boolean => this.isStopped || Date.now() > deadline;
    while (!isOver() && !(await this.find(outage))) {
      if (this.isIdle) return;
      await sleep(LOOK_MS);
    }
    await sleep(endedAfterMs);
    while (!isOver()) {
      // Looked up again for each try: an in-process incident goes with its gateway.
      const incident = await this.find(outage);
      if (incident ? await this.end(incident.id, ending) : this.isIdle) return;
      await sleep(LOOK_MS);
    }
  }

  /** @returns whether it is done; otherwise it is to be tried again */
  private async end(incidentId: string, action: 'resolve' | 'reject'): Promise<boolean> {
    const answers: number[] = [];
    this.ended.push({ incidentId, action, answers });
    const { status } = await this.client.send('POST', `/incidents/${incidentId}/${action}`, {});
    answers.push(status);
    if (status === 200) return true;
    // An earlier try may have succeeded although its answer was lost.
    const { status: found, body } = await this.client.send('GET', `/incidents/${incidentId}`);
    return found === 200 && ['resolved', 'rejected'].includes((body as Incident).status);
  }

  /** An incident that holds reports of an outage now. */
  private async find(outage: number): Promise<Incident | undefined> {
    const { status, body } = await this.client.send('GET', '/incidents');
    if (status !== 200) return undefined;
    const { incidents } = body as { readonly incidents: readonly Incident[] };
    for (const { id, representative_ticket_id: ticket, opened_at } of incidents) {
      const storm = stormOfTicket(ticket);
      if (storm !== undefined && opened_at !== null) this.known.set(id, { id, storm });
    }
    return incidents.find(({ id, status: now }) => {
      const storm = this.known.get(id)?.storm;
      return ['open', 'quiet'].includes(now) && storm !== undefined && this.storms[storm]?.outage === outage;
    });
  }
}
