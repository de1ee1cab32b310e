import { parseArgs } from 'node:util';
import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom, shuffled } from '../train/random';
import { type Row, table } from '../train/report/markdown';
import { type BurstTrial, tally, tryBurst } from './burst-trial';
import { printCalmDays, printPersonalRequests } from './calm-days';
import { printFailureBursts } from './failure-bursts';
import { fromBurstOn, scheduleOfBurst } from './schedule';
import { SimulatedService } from './simulated-service';
import { orDash, print, seeBursts, seedReferenceOf, seeOrdinary } from './ticket-data';
import { runTool } from '../workspace/run-tool';

const BURST_SEEDS = [20_261, 20_262, 20_263];
/** Topics that bursts are made of, and the number of their 18 tickets that a burst has. */
const TOPICS = { count: 20, tickets: 11, seed: 20_267 };
const TRAFFIC = { perDay: 200, busyTickets: 30 };
/** Files of data/bursts. */
const BURSTS = [
  ['choosing', 'the rule was chosen on these'],
  ['first', 'an earlier rule failed on these; this one was not chosen on them'],
  ['second', 'unread until the rule was final'],
] as const;

/**
 * Prints how soon bursts in people's own words are suspected and open, and how often an incident is suspected without a burst.
 * `--failures` prints only the bursts of failure reports and of requests, `--calm` only the days without a burst, `--personal-requests` only days on which many people ask
 * for the same kind of thing, each for themselves.
 */
async function main(): Promise<void> {
  const only = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { failures: only, calm: only, 'personal-requests': only } });
  const ordinary = await seeOrdinary();
  if (values['personal-requests']) return printPersonalRequests(ordinary);
  print('Limits', LIMITS);
  const reference = seedReferenceOf(ordinary);
  if (values.calm) return printCalmDays(ordinary, reference);
  await printFailureBursts(ordinary, reference);
  if (values.failures) return;
  for (const [name, description] of BURSTS) {
    printBursts(`${name} (${description})`, ordinary, await seeBursts(name), reference);
  }
  printTopics(ordinary, reference);
  printCalmDays(ordinary, reference);
}

const LIMITS = `The ordinary tickets are those of data/tickets, and the same tickets are the seed reference: a service without tickets of its own is compared with the texts that
it receives, while those of a real one only resemble the seed. Topics have 18 tickets each, so that some tickets are similar; but topics arrive evenly, never in waves as in a
real inbox, and hardly any two texts are as similar as those of a form: a real inbox may see more false alarms. After all tickets, every text is repeated to the letter. The
bursts are about other companies than the ordinary tickets, which makes them easier to find than a service's own failures; the topics at the end are the hardest case.
One language model wrote all texts, those of the bursts included.`;

/** Prints bursts about matters of the service: of a topic, some tickets arrive together and the others as ordinary ones. */
function printTopics(ordinary: readonly SeenTicket[], reference: SeedReference): void {
  const topics = shuffled([...new Set(ordinary.map(({ about }) => about))], randomFrom(TOPICS.seed));
  const bursts = topics
    .slice(0, TOPICS.count)
    .map((topic) => ordinary.filter(({ about }) => about === topic).slice(0, TOPICS.tickets));
  const inBursts = new Set(bursts.flat());
  const others = ordinary.filter((ticket) => !inBursts.has(ticket));
  printBursts('topics (ordinary tickets of one topic at once)', others, bursts, reference);
}

function printBursts(
  name: string,
  ordinary: readonly SeenTicket[],
  bursts: readonly (readonly SeenTicket[])[],
  reference: SeedReference,
): void {
  const running: BurstTrial[][] = [];
  const fresh: BurstTrial[][] = [];
  const rows = bursts.map((burst, number) => {
    const schedules = BURST_SEEDS.map((seed) =>
      scheduleOfBurst(ordinary, burst, TRAFFIC, randomFrom(1_000 * seed + number)),
    );
    const afterAWeek = schedules.map((schedule) => tryBurst(burst, schedule, new SimulatedService(reference)));
    const anew = schedules.map((schedule) => tryBurst(burst, fromBurstOn(schedule), new SimulatedService(reference)));
    running.push(afterAWeek);
    fresh.push(anew);
    return [burst[0]?.about ?? '', burst.length, ...[...afterAWeek, ...anew].map(inWords)];
  });
  const seeds = BURST_SEEDS.map(String);
  const { perDay, busyTickets } = TRAFFIC;
  const head = ['burst', 'tickets', ...seeds.map((seed) => `week, ${seed}`)];
  print(
    `Bursts of ${name}, one by one`,
    `Seeds ${seeds.join(', ')}; ${perDay} tickets a day, and ${busyTickets} more in the five minutes of the burst. "3, 9: 11 + 2": suspected at its third ticket, opened at its ninth; finally
its incident has 11 of its tickets and 2 ordinary ones; -: not at all. Week: after a week of tickets; new: the service starts when the burst begins.\n\n${table(
      [...head, ...seeds.map((seed) => `new, ${seed}`)],
      rows,
    )}`,
  );
  const sums = [...tallies('a week', running), ...tallies('nothing yet', fresh)];
  print(
    `Bursts of ${name}, together`,
    table(
      [
        'the service has run',
        'seed',
        'suspected',
        'at which of its tickets, median',
        'of its tickets members, mean',
        'ordinary members',
        'others suspected',
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
  members,
  strangers,
  otherSuspected,
  otherIncidents,
}: BurstTrial): string {
  const when = `${suspectedAfter ?? '-'}, ${openedAfter ?? '-'}`;
  const found = members === 0 ? '-' : `${when}: ${members}${strangers > 0 ? ` + ${strangers}` : ''}`;
  return `${found}${otherSuspected > 0 ? '; another' : ''}${otherIncidents > 0 ? '; another opened' : ''}`;
}

function tallies(name: string, ofBursts: readonly (readonly BurstTrial[])[]): Row[] {
  const bySeed = BURST_SEEDS.map((seed, at) => [String(seed), ofBursts.flatMap((trials) => trials[at] ?? [])] as const);
  return [...bySeed, ['all', ofBursts.flat()] as const].map(([seed, trials]) => {
    const sum = tally(trials);
    return [
      name,
      seed,
      `${sum.suspected} of ${sum.bursts}`,
      orDash(sum.suspectedAfter),
      orDash(sum.members),
      sum.strangers,
      sum.otherSuspected,
      sum.opened,
      orDash(sum.openedAfter),
      sum.otherIncidents,
    ];
  });
}

runTool(main);
