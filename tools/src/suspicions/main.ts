import { parseArgs } from 'node:util';
import { DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom, shuffled } from '../train/random';
import { table } from '../train/report/markdown';
import { type BurstTrial, tally, tryBurst } from './burst-trial';
import { printFailureBursts } from './failure-bursts';
import { type FalseAlarms, countFalseAlarms } from './false-alarms';
import { calmDays, endless, fromBurstOn, scheduleOfBurst } from './schedule';
import { orDash, print, seeBursts, seeOrdinary, standInsOf } from './texts';
import { WatchedService } from './watched-service';

const BURST_SEEDS = [20_261, 20_262, 20_263];
/** Topics that are made bursts of, and how many of their 18 tickets. */
const TOPICS = { count: 20, tickets: 11, seed: 20_267 };
const TRAFFIC = { perDay: 200, busyTickets: 30 };
const CALM_SEEDS = [20_264, 20_265, 20_266];
const CALM_DAYS = 90;
/** At two hundred a day hardly a ticket has company enough to raise a suspicion: the same where most have. */
const CALM_TRAFFIC = [
  { perDay: 200, seeds: CALM_SEEDS },
  { perDay: 2_000, seeds: CALM_SEEDS.slice(0, 1) },
];
/** Chance exceeds it about once in a hundred times where three are expected (Poisson). */
const ALLOWED = 7;
const SHOWN_ALARMS = 12;
/** Files of data/bursts, and what they are. */
const BURSTS = [
  ['choosing', 'the rule was chosen on these'],
  ['first', 'an earlier rule was measured on these, and was found wanting; this one was not chosen on them'],
  ['second', 'nobody had looked at these when the rule stood'],
] as const;

/**
 * Prints how soon bursts in people's own words are suspected and open, and how often something is suspected while nothing is the matter.
 * `--failures` prints only what becomes of the bursts of failure reports and of requests, `--calm` only the days without a burst.
 */
async function main(): Promise<void> {
  const only = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { failures: only, calm: only } });
  const ordinary = await seeOrdinary();
  print('What this can tell', WHAT_IT_TELLS);
  const usual = standInsOf(ordinary);
  if (values.calm) {
    printCalm(ordinary, usual);
    return;
  }
  await printFailureBursts(ordinary, usual);
  if (values.failures) return;
  for (const [name, description] of BURSTS) {
    printBursts(`${name} (${description})`, ordinary, await seeBursts(name), usual);
  }
  printTopics(ordinary, usual);
  printCalm(ordinary, usual);
}

const WHAT_IT_TELLS = `The ordinary tickets are those of data/tickets, and these very tickets are the stand-ins as well: a service without tickets of its own is
compared with the texts that it receives, while a real one's tickets only resemble them. They have topics of 18 tickets each about the same matter, so that some are alike
as usual; but topics come evenly, never in waves as in a real inbox, and hardly two texts are as alike as those of a form: a real inbox may see more false alarms
than stand here. After a round of all tickets every text comes again to the letter. The bursts are about other
companies than the ordinary tickets, which makes them easier to tell from what is usual than a service's own troubles; the topics at the end are the hardest case. All texts, those of the bursts too, are one model's idea of how people write.`;

/** Bursts about what the service hears of all the time: of a topic, some tickets come together and the others as usual. */
function printTopics(ordinary: readonly SeenTicket[], usual: SeedReference): void {
  const topics = shuffled([...new Set(ordinary.map(({ about }) => about))], randomFrom(TOPICS.seed));
  const bursts = topics
    .slice(0, TOPICS.count)
    .map((topic) => ordinary.filter(({ about }) => about === topic).slice(0, TOPICS.tickets));
  const inBursts = new Set(bursts.flat());
  const others = ordinary.filter((ticket) => !inBursts.has(ticket));
  printBursts(
    'topics (ordinary tickets of one topic at once, about whatever goes wrong with it)',
    others,
    bursts,
    usual,
  );
}

function printBursts(
  name: string,
  ordinary: readonly SeenTicket[],
  bursts: readonly (readonly SeenTicket[])[],
  usual: SeedReference,
): void {
  const watched: BurstTrial[][] = [];
  const fresh: BurstTrial[][] = [];
  const rows = bursts.map((burst, number) => {
    // A week of its own for each.
    const schedules = BURST_SEEDS.map((seed) =>
      scheduleOfBurst(ordinary, burst, TRAFFIC, randomFrom(1_000 * seed + number)),
    );
    const afterAWeek = schedules.map((schedule) => tryBurst(burst, schedule, new WatchedService(usual)));
    const anew = schedules.map((schedule) => tryBurst(burst, fromBurstOn(schedule), new WatchedService(usual)));
    watched.push(afterAWeek);
    fresh.push(anew);
    return [burst[0]?.about ?? '', burst.length, ...[...afterAWeek, ...anew].map(inWords)];
  });
  const seeds = BURST_SEEDS.map(String);
  const { perDay, busyTickets } = TRAFFIC;
  const head = ['burst', 'tickets', ...seeds.map((seed) => `week, ${seed}`)];
  print(
    `Bursts of ${name}, one by one`,
    `Seeds ${seeds.join(', ')}; ${perDay} tickets a day, and ${busyTickets} more in the five minutes of the burst. "3, 9: 11 + 2": suspected at its third ticket, opened at its ninth; in the end
its incident held 11 of its tickets and 2 ordinary ones; -: not at all. Week: after a week of tickets; new: the service is started as the burst begins.\n\n${table(
      [...head, ...seeds.map((seed) => `new, ${seed}`)],
      rows,
    )}`,
  );
  const sums = [...tallies('a week', watched), ...tallies('nothing yet', fresh)];
  print(
    `Bursts of ${name}, together`,
    table(
      [
        'the service has watched',
        'seed',
        'suspected',
        'at which of its tickets, median',
        'of its tickets held, mean',
        'ordinary tickets held',
        'other suspicions',
        'opened',
        'at which, median',
        'other incidents',
      ],
      sums,
    ),
  );
}

function inWords({
  suspectedAfter,
  openedAfter,
  held,
  strangers,
  otherSuspicions,
  otherIncidents,
}: BurstTrial): string {
  const when = `${suspectedAfter ?? '-'}, ${openedAfter ?? '-'}`;
  const found = held === 0 ? '-' : `${when}: ${held}${strangers > 0 ? ` + ${strangers}` : ''}`;
  return `${found}${otherSuspicions > 0 ? '; another' : ''}${otherIncidents > 0 ? '; another opened' : ''}`;
}

function tallies(name: string, ofBursts: readonly (readonly BurstTrial[])[]): (readonly (string | number)[])[] {
  const bySeed = BURST_SEEDS.map((seed, at) => [String(seed), ofBursts.flatMap((trials) => trials[at] ?? [])] as const);
  return [...bySeed, ['all', ofBursts.flat()] as const].map(([seed, trials]) => {
    const sum = tally(trials);
    return [
      name,
      seed,
      `${sum.suspected} of ${sum.bursts}`,
      orDash(sum.suspectedAfter),
      orDash(sum.held),
      sum.strangers,
      sum.otherSuspicions,
      sum.opened,
      orDash(sum.openedAfter),
      sum.otherIncidents,
    ];
  });
}

function printCalm(ordinary: readonly SeenTicket[], usual: SeedReference): void {
  const { falseAlarmsPerMonth } = DEFAULT_BROKER_OPTIONS.bursts;
  const expected = (falseAlarmsPerMonth * CALM_DAYS) / 30;
  const found = CALM_TRAFFIC.flatMap(({ perDay, seeds }) =>
    seeds.map((seed) => {
      const random = randomFrom(seed);
      const schedule = calmDays(endless(ordinary, random), { days: CALM_DAYS, perDay }, random);
      return { perDay, seed, ...countFalseAlarms(schedule, new WatchedService(usual)) };
    }),
  );
  const rows = found.map((one) => [
    one.perDay,
    one.seed,
    one.tickets,
    one.inCompany,
    one.alarms,
    one.opened,
    one.suppressed,
    one.withStandIns,
    expected,
    ALLOWED,
    one.alarms <= ALLOWED ? 'yes' : 'no',
  ]);
  const head = ['a day', 'seed', 'tickets', 'with 5 others in their window', 'suspicions', 'opened', 'suppressed'];
  const more = ['while stand-ins served', 'expected at most', 'allowed', 'within'];
  print(`${CALM_DAYS} days without a burst`, table([...head, ...more], rows));
  const topics = found.flatMap(({ perDay, seed, topics: ofAlarms }) =>
    ofAlarms.slice(0, SHOWN_ALARMS).map((ofOne) => [perDay, seed, topicsInWords(ofOne)]),
  );
  if (topics.length > 0) {
    print(
      `What they were about, the first ${SHOWN_ALARMS} each`,
      table(['a day', 'seed', 'topics of founders'], topics),
    );
  }
}

function topicsInWords(topics: FalseAlarms['topics'][number]): string {
  return topics.map(([topic, founders]) => `${topic} ${founders}`).join(', ');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
