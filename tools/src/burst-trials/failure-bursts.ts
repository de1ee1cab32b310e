import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type Row, table } from '../train/report/markdown';
import { tally, tryBurst } from './burst-trial';
import { MINUTE_MS, type ScheduledTicket, fromBurstOn, scheduleOfBurst } from './schedule';
import { SimulatedService } from './simulated-service';
import { orDash, print, seeBursts } from './ticket-data';

/** Files of data/bursts. */
const FILES = [
  ['choosing-failures', 'reports of one failure; the rule was chosen on these'],
  ['choosing-requests', 'requests without any failure; likewise'],
  ['failures', 'reports of one failure; for the test'],
  ['requests', 'requests without any failure; for the test'],
  ['requests-alike', 'requests of one kind without any failure; for the test, and harder'],
] as const;

const PER_DAY = 200;
const SEEDS = [20_268, 20_269, 20_270];

/** The state of a service when a burst begins, and the draws of ordinary tickets that it is tried with. */
interface Setting {
  readonly name: string;
  readonly busyTickets: number;
  readonly seeds: readonly number[];
  readonly of: (schedule: readonly ScheduledTicket[], burst: readonly SeenTicket[]) => readonly ScheduledTicket[];
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'new, nothing else arrives',
    busyTickets: 0,
    seeds: SEEDS.slice(0, 1),
    of: (schedule, burst) => schedule.filter(({ ticket }) => burst.includes(ticket)),
  },
  { name: 'new, amid 10 others', busyTickets: 10, seeds: SEEDS, of: fromBurstOn },
  { name: 'new, amid 30 others', busyTickets: 30, seeds: SEEDS, of: fromBurstOn },
  { name: 'after a week, amid 30', busyTickets: 30, seeds: SEEDS.slice(0, 1), of: (schedule) => schedule },
];

const HEAD = [
  'bursts',
  'service',
  'suspected',
  'at which, median',
  'opened',
  'at which, median',
  'ordinary members',
  'incidents about others',
];

/** Prints which bursts of failure reports open by themselves, and whether bursts of requests do. */
export async function printFailureBursts(ordinary: readonly SeenTicket[], reference: SeedReference): Promise<void> {
  const rows: Row[] = [];
  const wrong: Row[] = [];
  for (const [file] of FILES) {
    const bursts = await seeBursts(file);
    const isOfFailures = file.endsWith('failures');
    for (const { name, busyTickets, seeds, of } of SETTINGS) {
      const trials = bursts.flatMap((burst, number) => {
        const found = seeds.map((seed) => {
          const traffic = { perDay: PER_DAY, busyTickets, burstMs: MINUTE_MS };
          const schedule = scheduleOfBurst(ordinary, burst, traffic, randomFrom(1_000 * seed + number));
          return tryBurst(burst, of(schedule, burst), new SimulatedService(reference));
        });
        const wrongs = found.filter(({ openedAfter }) => (openedAfter !== null) !== isOfFailures).length;
        if (wrongs > 0) wrong.push([file, name, burst[0]?.about ?? '', `${wrongs} of ${found.length}`]);
        return found;
      });
      const sum = tally(trials);
      rows.push([
        file,
        name,
        `${sum.suspected} of ${sum.bursts}`,
        orDash(sum.suspectedAfter),
        `${sum.opened} of ${sum.bursts}`,
        orDash(sum.openedAfter),
        sum.strangers,
        sum.otherIncidents,
      ]);
    }
  }
  const description = FILES.map(([file, what]) => `- ${file}: ${what}`).join('\n');
  print(
    'Bursts of eleven reports or requests within a minute',
    `${description}\n\nSeeds ${SEEDS.join(', ')}, only the first one where nothing is drawn and after a week; ${PER_DAY} tickets a day; the others arrive within five minutes around.\n\n${table(HEAD, rows)}`,
  );
  if (wrong.length > 0) {
    print('Failures that did not open, requests that did', table(['bursts', 'service', 'burst', 'in'], wrong));
  }
}
