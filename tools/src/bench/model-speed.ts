import { createClassifierBaseline } from '@smart-support/classifier';
import { createUrgencyBaseline } from '@smart-support/urgency';
import { type Finding, comparePairs } from './measure';
import { readSampleTexts, shortTexts } from './sample-tickets';
import type { Workbench } from './workbench';

const MEASURE_MS = 700;

/**
 * Classifier and urgency baseline on one core, ticket by ticket. The other side parses the same tickets' JSON, as a measure
 * of the machine's speed.
 */
export function benchModels({ root, progress }: Workbench): Promise<Finding> {
  const tickets = shortTexts(readSampleTexts(root)).map((text) => ({ text }));
  const bodies = tickets.map((ticket) => JSON.stringify({ ...ticket, requester: 'ada@example.com', channel: 'mail' }));
  const classifier = createClassifierBaseline();
  const urgency = createUrgencyBaseline();

  return comparePairs(
    `Classifier and urgency, texts of about 130 characters, one core`,
    'tickets/s',
    {
      name: 'baseline models',
      measure: () =>
        perSecond(tickets, (ticket) => {
          classifier.classify(ticket);
          urgency.score(ticket);
        }),
    },
    { name: 'JSON.parse', measure: () => perSecond(bodies, (body) => JSON.parse(body)) },
    { aim: 'at least 20,000 tickets/s' },
    progress,
  );
}

/** Items per second that the work processes, in whole rounds and warm. */
export function perSecond<Item>(items: readonly Item[], work: (item: Item) => unknown): Promise<number> {
  items.forEach(work);
  const start = performance.now();
  let rounds = 0;
  let elapsed = 0;
  while (elapsed < MEASURE_MS) {
    items.forEach(work);
    rounds += 1;
    elapsed = performance.now() - start;
  }
  return Promise.resolve((rounds * items.length * 1000) / elapsed);
}
