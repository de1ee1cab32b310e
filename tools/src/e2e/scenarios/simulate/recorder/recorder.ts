import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthReport, Incident, QueueReport } from '@smart-support/contracts';
import { LogFollower, readStatusLine } from '../../../harness/app-log';
import { readMembers } from '../../../harness/read-members';
import type { DayEnvironment } from '../environment';
import type { Sample, StatusChange } from './recording';
import { Tally } from './tally';

/** Milliseconds between two samples. */
const LOOK_MS = 250;
/** Samples between two reads of the incidents. */
const LOOKS_PER_LIST = 4;

/** An incident as it was last seen, and from when to when it was, in milliseconds from the beginning of the day. */
export interface SeenIncident {
  readonly incident: Incident;
  /** Of a suspected incident, which may end before the audits read them; empty for others. */
  readonly members: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Samples the engine over HTTP, and reads its logs. */
export class Recorder {
  readonly samples: Sample[] = [];
  readonly changes: StatusChange[] = [];
  /** Tickets by status. */
  readonly tally = new Tally();
  /** The incidents of the last read. */
  listed: readonly Incident[] = [];
  /** Every incident that was ever on the list, by id. */
  readonly incidents = new Map<string, SeenIncident>();
  private readonly logs: readonly LogFollower[];
  private over = false;
  private watching: Promise<unknown> | undefined;

  /** @param beginning - of the day, milliseconds since 1970 */
  constructor(
    private readonly parts: DayEnvironment,
    private readonly beginning: number,
  ) {
    const { gatewayLog, workerLogs } = parts.environment;
    this.logs = [gatewayLog, ...workerLogs].map((file) => new LogFollower(file));
  }

  /** Starts sampling. */
  start(): void {
    this.watching = Promise.all([this.watchHttp(), this.watchLogs()]);
  }

  /** Stops, after reading the rest of the logs. */
  async stop(): Promise<void> {
    if (this.over) return;
    this.over = true;
    await this.watching;
    await this.readLogs();
    await Promise.all(this.logs.map((log) => log.close()));
    this.changes.sort((a, b) => a.atMs - b.atMs);
  }

  private async watchHttp(): Promise<void> {
    for (let look = 0; !this.over; look += 1) {
      const due = Date.now() + LOOK_MS;
      await this.look();
      if (look % LOOKS_PER_LIST === 0) await this.listIncidents();
      await sleep(Math.max(0, due - Date.now()));
    }
  }

  private async watchLogs(): Promise<void> {
    while (!this.over) {
      await this.readLogs();
      await sleep(LOOK_MS);
    }
  }

  private async look(): Promise<void> {
    const { operators, environment } = this.parts;
    const atMs = Date.now() - this.beginning;
    const [health, queue, agents] = await Promise.all([
      operators.send('GET', '/health'),
      operators.send('GET', '/queue'),
      operators.send('GET', '/agents'),
    ]);
    // Without an answer there is no sample, and a gap in the plots.
    if (health.status !== 200 || queue.status !== 200 || agents.status !== 200) return;
    const { mode, circuit_breaker, redis } = health.body as HealthReport;
    const { lanes, waiting } = queue.body as QueueReport;
    const { agents: list } = agents.body as {
      readonly agents: readonly { readonly id: string; readonly load: number }[];
    };
    this.samples.push({
      atMs,
      mode,
      breaker: circuit_breaker,
      redis,
      workers: environment.workerPool.readyCount,
      queued: lanes.urgent + lanes.normal,
      waiting,
      suppressed: this.tally.count('suppressed'),
      loads: Object.fromEntries(list.map(({ id, load }) => [id, load])),
    });
  }

  private async listIncidents(): Promise<void> {
    const { operators } = this.parts;
    const { status, body } = await operators.send('GET', '/incidents');
    if (status !== 200) return;
    const toMs = Date.now() - this.beginning;
    this.listed = (body as { readonly incidents: readonly Incident[] }).incidents;
    for (const incident of this.listed) {
      const fromMs = this.incidents.get(incident.id)?.fromMs ?? toMs;
      const members = incident.status === 'suspected' ? await readMembers(operators, incident.id) : [];
      this.incidents.set(incident.id, { incident, members, fromMs, toMs });
    }
  }

  private async readLogs(): Promise<void> {
    const lines = (await Promise.all(this.logs.map((log) => log.readLines()))).flat();
    const changes = lines.map(readStatusLine).filter((change) => change !== undefined);
    for (const { at, ticketId, status } of changes.sort((a, b) => a.at - b.at)) {
      this.tally.countChange({ ticketId, status });
      this.changes.push({ atMs: at - this.beginning, ticketId, status });
    }
  }
}
