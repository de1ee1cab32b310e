import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@smart-support/contracts';
import type { HttpClient } from '../../../harness/http-client';
import { type PlantedStorm, stormOfTicket } from './storms';

/** An incident that an operator saw. */
export interface SeenIncident {
  readonly id: string;
  /** The storm that its representative is a report of. */
  readonly storm: number;
}

/** What an operator was answered for ending an incident. */
export interface Ending {
  readonly incidentId: string;
  readonly action: 'resolve' | 'reject';
  /** HTTP status of every try, 0 where there was no answer. */
  readonly answers: readonly number[];
}

/** How long an operator looks for an incident, and tries to end it, in milliseconds: tickets may wait long before a worker judges them. */
const PATIENCE_MS = 180_000;
const LOOK_MS = 200;

/** The operators, played by the tool: they end incidents over HTTP, again and again until it is done. */
export class Operators {
  private readonly tasks: Promise<void>[] = [];
  private readonly known = new Map<string, SeenIncident>();
  private readonly ended: Ending[] = [];
  private isCalm = false;
  private isStopped = false;

  constructor(
    private readonly client: HttpClient,
    private readonly storms: readonly PlantedStorm[],
  ) {}

  /** Every incident that anybody saw. */
  get seen(): ReadonlyMap<string, SeenIncident> {
    return this.known;
  }

  /** What was tried. */
  get endings(): readonly Ending[] {
    return this.ended;
  }

  /** Has somebody look after a storm that has just begun. */
  endIncidentsOf(storm: PlantedStorm): void {
    this.tasks.push(this.lookAfter(storm));
  }

  /** Everything is calm: what is not there now will not come. Resolves when everything is ended that was to be. */
  async finish(): Promise<void> {
    this.isCalm = true;
    await Promise.all(this.tasks);
  }

  /** Does nothing more. */
  stop(): void {
    this.isStopped = true;
  }

  private async lookAfter({ outage, ending, endedAfterMs }: PlantedStorm): Promise<void> {
    if (ending === 'leave') return;
    const deadline = Date.now() + PATIENCE_MS;
    const isOver = (): boolean => this.isStopped || Date.now() > deadline;
    while (!isOver() && !(await this.find(outage))) {
      if (this.isCalm) return;
      await sleep(LOOK_MS);
    }
    await sleep(endedAfterMs);
    while (!isOver()) {
      // Looked for anew each time: one that a gateway kept by itself goes with it.
      const incident = await this.find(outage);
      if (incident ? await this.end(incident.id, ending) : this.isCalm) return;
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
    // An earlier try may have done it, though its answer got lost: whoever is told of a conflict looks what is there now.
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
