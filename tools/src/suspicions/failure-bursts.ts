import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { table } from '../train/report/markdown';
import { type BurstTrial, tally, tryBurst } from './burst-trial';
import { MINUTE_MS, type ScheduledTicket, fromBurstOn, scheduleOfBurst } from './schedule';
import { orDash, print, seeBursts } from './texts';
import { WatchedService } from './watched-service';

/** Files of data/bursts, and what they are. */
const FILES = [
  ['choosing-failures', 'reports of one failure; the rule was chosen on these'],
  ['choosing-requests', 'requests among which nothing is broken; likewise'],
  ['failures', 'reports of one failure; for the test'],
  ['requests', 'requests among which nothing is broken; for the test'],
  ['requests-alike', 'requests of one kind, nothing is broken; for the test, and harder'],
] as const;

const PER_DAY = 200;
const SEEDS = [20_268, 20_269, 20_270];

/** How a service is when a burst comes, and in how many draws of ordinary tickets it is tried. */
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

/** Prints which bursts of reports of one failure open by themselves, and whether bursts of requests do. */
export async function printFailureBursts(ordinary: readonly SeenTicket[], usual: SeedReference): Promise<void> {
  const rows: (string | number)[][] = [];
  const wrong: (string | number)[][] = [];
  for (const [file] of FILES) {
    const bursts = await seeBursts(file);
    const isOfFailures = file.endsWith('failures');
    for (const setting of SETTINGS) {
      const trials = bursts.flatMap((burst, number) => {
        const found = setting.seeds.map((seed) => trial(burst, ordinary, usual, setting, 1_000 * seed + number));
        const opened = found.filter(({ openedAfter }) => openedAfter !== null).length;
        const wrongs = isOfFailures ? found.length - opened : opened;
        if (wrongs > 0) wrong.push([file, setting.name, burst[0]?.about ?? '', `${wrongs} of ${found.length}`]);
        return found;
      });
      rows.push([file, setting.name, ...cells(trials)]);
    }
  }
  const description = FILES.map(([file, what]) => `- ${file}: ${what}`).join('\n');
  print(
    'Bursts of eleven reports or requests within a minute',
    `${description}\n\nSeeds ${SEEDS.join(', ')}, the first one alone where nothing is drawn and after a week; ${PER_DAY} tickets a day; the others come within five minutes around.\n\n${table(
      [
        'bursts',
        'service',
        'suspected',
        'at which, median',
        'opened',
        'at which, median',
        'ordinary tickets held',
        'incidents about others',
      ],
      rows,
    )}`,
  );
  if (wrong.length > 0) {
    print('Failures that did not open, requests that did', table(['bursts', 'service', 'burst', 'in'], wrong));
  }
}

function trial(
  burst: readonly SeenTicket[],
  ordinary: readonly SeenTicket[],
  usual: SeedReference,
  { busyTickets, of }: Setting,
  seed: number,
): BurstTrial {
  const traffic = { perDay: PER_DAY, busyTickets, burstMs: MINUTE_MS };
  const schedule = of(scheduleOfBurst(ordinary, burst, traffic, randomFrom(seed)), burst);
  return tryBurst(burst, schedule, new WatchedService(usual));
}

function cells(trials: readonly BurstTrial[]): (string | number)[] {
  const sum = tally(trials);
  return [
    `${sum.suspected} of ${sum.bursts}`,
    orDash(sum.suspectedAfter),
    `${sum.opened} of ${sum.bursts}`,
    orDash(sum.openedAfter),
    sum.strangers,
    sum.otherIncidents,
  ];
}
