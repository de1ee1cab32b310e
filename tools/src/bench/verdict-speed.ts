import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ArrivedEntry, StormDetector } from '@smart-support/storm';
import { DAY_MS, LATE_MS } from '@smart-support/storm/tuning';
import { type Finding, comparePairs, reportedFinding } from './measure';
import { readSampleTexts } from './sample-tickets';
import type { Workbench } from './workbench';
import { TicketMixer, type WrittenTicket, entryOf, writtenTickets } from './ticket-mixer';

// So that the bench needs no flags of Node.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const RULES = {
  windowMs: 300_000,
  ticketThreshold: 10,
  similarity: 0.9,
  baselineSimilarity: 0.9,
  quietMs: DAY_MS,
  reopenMs: DAY_MS,
};

/** Time that a ticket stays in the log. */
const STAY_MS = RULES.windowMs + LATE_MS;

/** Tickets in the window, and the least ratio to comparing with every one. */
const SIZES = [
  { tickets: 1_000, ratioGoal: 1 },
  { tickets: 20_000, ratioGoal: 10 },
  { tickets: 100_000, ratioGoal: 20 },
];

/** Verdicts per side and pair, of which the second slowest counts. */
const VERDICTS = 100;

const STORM = 20_000;

/** The limit of open incidents that open by themselves. */
const OPEN = 1_000;

/** A window with a fixed number of tickets: each new one replaces the oldest. */
class FullWindow {
  readonly detector: StormDetector;
  /** Unquantised embeddings, for brute force. */
  readonly floats: Float32Array[] = [];
  private number = 0;

  constructor(
    readonly size: number,
    private readonly mixer: TicketMixer,
  ) {
    // Restored, for filling it ticket by ticket takes longer than what is measured.
    const empty = new StormDetector(RULES).snapshot();
    const arrivals = Array.from({ length: size }, (_, index) => [String(index + 1), 1, null] as const);
    const snapshot = { ...empty, now_ms: STAY_MS, arrived: size, arrivals };
    this.detector = StormDetector.restore(snapshot, this.entries());
    this.number = size;
  }

  private *entries(): Generator<ArrivedEntry> {
    for (let number = 1; number <= this.size; number += 1) {
      const ticket = this.mixer.mixTicket();
      this.floats[number % this.size] = ticket.embedding;
      yield this.entry(ticket, number);
    }
  }

  /** Adds a ticket. @returns milliseconds until its verdict */
  addTicket(ticket: WrittenTicket): number {
    this.number += 1;
    this.floats[this.number % this.size] = ticket.embedding;
    const entry = this.entry(ticket, this.number);
    const start = performance.now();
    this.detector.apply(entry);
    this.detector.verdictOf(entry.ticket_id);
    return performance.now() - start;
  }

  private entry(ticket: WrittenTicket, number: number): ArrivedEntry {
    return entryOf(ticket, number, Math.round((number * STAY_MS) / this.size));
  }

  /** Opens an incident by hand around each of the oldest tickets. */
  openIncidents(count: number): void {
    for (let number = 1; number <= count; number += 1) {
      const ticket_ids = [`T${this.number - this.size + number}`];
      const opened = {
        kind: 'opened_by_hand',
        incident_id: `incident-${number}`,
        title: 'By hand',
        ticket_ids,
      } as const;
      this.detector.apply({ ...opened, id: `hand-${number}`, at_ms: this.detector.lastEntryMs });
    }
  }

  /** Verdicts per second about new tickets, by the second slowest in a hundred. */
  async rate(next: () => WrittenTicket = () => this.mixer.mixTicket()): Promise<number> {
    return rateOf(() => this.addTicket(next()));
  }

  /** The same for counting similar tickets by brute force. */
  async bruteForceRate(): Promise<number> {
    return rateOf(() => {
      const { embedding } = this.mixer.mixTicket();
      const start = performance.now();
      let similar = 0;
      for (const other of this.floats) if (cosine(embedding, other) > RULES.similarity) similar += 1;
      if (similar > this.size) throw new Error('more similar tickets than tickets');
      return performance.now() - start;
    });
  }
}

/** Verdicts about dissimilar tickets against brute force; the memory of a window of 100,000; verdicts in a storm and with many incidents. */
export async function benchVerdicts({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const mixer = new TicketMixer(await writtenTickets(readSampleTexts(root)));
  const findings: Finding[] = [];
  for (const { tickets, ratioGoal } of SIZES) {
    const before = memory();
    const window = new FullWindow(tickets, mixer);
    const megabytes = (memory() - before - (tickets * 384 * 4) / 2 ** 20) * (100_000 / tickets);
    await window.rate();
    findings.push(
      await comparePairs(
        `Verdicts with ${tickets} tickets in the window, by the slowest hundredth`,
        'verdicts/s',
        { name: 'storm detector', measure: () => window.rate() },
        { name: 'comparing with every one, float arrays', measure: () => window.bruteForceRate() },
        { ratioGoal },
        progress,
      ),
    );
    if (tickets === 100_000) {
      findings.push(reportedFinding('Memory of a window', 'MB', { '100,000 tickets': [megabytes] }, '60 MB'));
    }
  }
  findings.push(await benchStorm(mixer, progress));
  findings.push(await benchIncidents(mixer, progress));
  return findings;
}

/** Verdicts with the most open incidents against verdicts without any. */
async function benchIncidents(mixer: TicketMixer, progress: (pair: number) => void): Promise<Finding> {
  const none = new FullWindow(STORM, mixer);
  const many = new FullWindow(STORM, mixer);
  many.openIncidents(OPEN);
  return comparePairs(
    `Verdicts with ${OPEN} open incidents, by the slowest hundredth`,
    'verdicts/s',
    { name: `${OPEN} incidents`, measure: () => many.rate() },
    { name: 'none', measure: () => none.rate() },
    { ratioGoal: 0.5 },
    progress,
  );
}

/** Verdicts in a storm of similar tickets against verdicts in calm traffic, both with a full window. */
async function benchStorm(mixer: TicketMixer, progress: (pair: number) => void): Promise<Finding> {
  const calm = new FullWindow(STORM, mixer);
  const stormy = new FullWindow(STORM, mixer);
  const outage = mixer.pickTicket();
  // One incident, and as many tickets of it as the window holds.
  for (let index = 0; index < STORM; index += 1) stormy.addTicket(mixer.similarTicket(outage));
  const finding = await comparePairs(
    `Verdicts after ${STORM} similar tickets of one outage, by the slowest hundredth`,
    'verdicts/s',
    { name: 'in the storm', measure: () => stormy.rate(() => mixer.similarTicket(outage)) },
    { name: 'in calm traffic', measure: () => calm.rate() },
    { ratioGoal: 1 },
    progress,
  );
  const { size } = stormy.detector.incidents;
  if (size !== 1) throw new Error(`one outage became ${size} incidents`);
  return finding;
}

async function rateOf(measure: () => number): Promise<number> {
  const times = Array.from({ length: VERDICTS }, measure).sort((a, b) => a - b);
  return 1000 / (times[VERDICTS - 2] ?? Infinity);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

/** Megabytes in use, without garbage. */
function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
