import { randomFrom } from '../train/random';
import { table } from '../train/report/markdown';
import { countFalseAlarms } from './false-alarms';
import { personalRequests } from './personal-requests';
import { calmDays, mixed } from './schedule';
import { print, seeOrdinary, seeTickets, standInsOf } from './texts';
import { WatchedService } from './watched-service';

const DAYS = 90;
const PER_DAY = 2_000;
const PERSONAL_SHARE = 0.4;
/** Different requests of one's own; after these they come again to the letter, a week later. */
const REQUESTS = 6_000;
const SEED = 20_271;
const SHOWN = 20;

/** Prints what the detection of storms makes of days in which many people ask for the same kind of thing, each for themselves, and nothing is broken. */
async function main(): Promise<void> {
  const ordinary = await seeOrdinary();
  const personal = await seeTickets(personalRequests(REQUESTS, randomFrom(SEED)));
  const random = randomFrom(SEED);
  const schedule = calmDays(mixed(ordinary, personal, PERSONAL_SHARE, random), { days: DAYS, perDay: PER_DAY }, random);
  const found = countFalseAlarms(schedule, new WatchedService(standInsOf(ordinary)));
  const unnamed = personal.filter(({ identifiers }) => identifiers === '').length;
  const head = ['tickets', 'incidents opened', 'tickets suppressed', 'suspicions'];
  print(
    `${DAYS} days of ${PER_DAY} tickets, ${100 * PERSONAL_SHARE} % of them requests of one person each`,
    `Seed ${SEED}. ${REQUESTS} different requests, ${unnamed} of them without any identifier, among the tickets of data/tickets.\n\n${table(
      head,
      [[found.tickets, found.opened, found.suppressed, found.alarms]],
    )}`,
  );
  if (found.topics.length === 0) return;
  const rows = found.topics
    .slice(0, SHOWN)
    .map((topics) => [topics.map(([topic, founders]) => `${topic} ${founders}`).join(', ')]);
  print(`What they were about, the first ${SHOWN}`, table(['topics of founders'], rows));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
