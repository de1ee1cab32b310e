import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import type { Stretch, Timetable } from '../timetable';

/** Share of the rush that comes before the kill: enough that the worker surely has tickets in flight. */
const BEFORE = 0.8;

/** A worker dies with tickets in flight. */
export function workerKilled(tools: ScenarioTools, { kill: rush }: Timetable): Scenario {
  const before = Math.round(BEFORE * rush.tickets);
  const part = (stretch: Stretch, count: number) =>
    writeTickets(tools, stretch, {
      scenario: 'kill',
      count,
      text: () => tools.everydayText(),
      requester: () => tools.newRequester(),
    });
  const first = part({ from: rush.from, to: rush.at }, before);
  const rest = part({ from: rush.at, to: rush.to }, rush.tickets - before);
  return {
    id: 'kill',
    title: 'worker killed',
    story:
      'SIGKILL to a worker with tickets in flight. Another worker takes them when the lease has run out; a new worker comes up.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: [...first, ...rest].map((ticket, index) => ({ ...ticket, id: `kill-${index + 1}` })),
    actions: [{ atMs: 1000 * rush.at, action: { kind: 'kill-worker', worker: 0 } }],
  };
}
