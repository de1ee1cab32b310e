import { CATEGORIES } from '@smart-support/contracts';
import type { Recording, Sample } from '../recorder/recording';
import type { Frame } from './frame';
import { AMBER, BLUE, INK, PALE_BLUE, RED, TEAL } from './palette';
import { type Line, logLines, stackedBars, stackedSteps } from './plots';
import {
  ARRIVALS,
  PERCENTILES,
  type Point,
  arrivalsPerSecond,
  countOverTime,
  percentilesOverTime,
  segmentsOf,
} from './series';
import type { Look, Strip } from './strips';

/** Percentiles are taken over windows of this length, in milliseconds. */
export const WINDOW_MS = 2000;

/** Draws one thing of a day into a frame. */
export type Plot = (recording: Recording, frame: Frame) => string;

/** Tickets that were handed in, by what kind they are. */
export const arrivals: Plot = (recording, frame) => {
  const colours = [PALE_BLUE, BLUE, AMBER];
  const counts = arrivalsPerSecond(recording);
  const kinds = ARRIVALS.map(({ name }, index) => ({
    name,
    colour: colours[index] ?? INK,
    perSecond: counts[index] ?? [],
  }));
  return stackedBars(frame, { name: 'Arrivals', unit: 'tickets per second' }, kinds);
};

/** Tickets that are not yet in work. */
export const queueDepth: Plot = ({ samples, lengthMs }, frame) =>
  stackedSteps(
    frame,
    { name: 'Queue depth', unit: 'tickets not yet in work' },
    [{ name: 'queued', colour: BLUE, points: pointsOf(samples, ({ queued }) => queued) }],
    lengthMs,
  );

/** How long a client waits for the answer to a ticket. */
export const answerTime: Plot = ({ posts }, frame) =>
  percentileLines(
    frame,
    'POST answer',
    posts.map(({ atMs, waitedMs }) => ({ atMs, tookMs: waitedMs })),
  );

/** How long it takes from the first try to hand in a ticket to the decision about it. */
export const decisionTime: Plot = ({ decisions }, frame) => percentileLines(frame, 'POST to routed', decisions);

/** Tickets that wait for the end of an incident. */
export const suppressed: Plot = (recording, frame) =>
  stackedSteps(
    frame,
    { name: 'Suppressed', unit: 'tickets held by incidents' },
    [{ name: 'suppressed', colour: BLUE, points: countOverTime(recording, 'suppressed') }],
    recording.lengthMs,
  );

/** Understood tickets without a free agent. */
export const waitingLines: Plot = ({ samples, lengthMs }, frame) => {
  const colours = [BLUE, TEAL, AMBER];
  const lines = CATEGORIES.map((name, index) => ({
    name,
    colour: colours[index] ?? INK,
    points: pointsOf(samples, ({ waiting }) => waiting[name] ?? 0),
  }));
  return stackedSteps(frame, { name: 'Waiting lines', unit: 'tickets without an agent' }, lines, lengthMs);
};

/** Breaker, mode, Redis and workers. */
export function stateStrips({ samples, lengthMs }: Recording): readonly Strip[] {
  const good: Look = { fill: '#dcebe7', ink: '#2c6b60' };
  const bad: Look = { fill: RED, ink: '#ffffff' };
  const stood: Look = { fill: AMBER, ink: '#ffffff' };
  const most = Math.max(0, ...samples.map(({ workers }) => workers));
  const states = (name: string, stateOf: (sample: Sample) => string, looks: Readonly<Record<string, Look>>): Strip => ({
    name,
    segments: segmentsOf(samples, lengthMs, stateOf),
    lookOf: (state) => looks[state],
  });
  return [
    states('Mode', ({ mode }) => mode, { async: good, sync: stood }),
    states('Breaker', ({ breaker }) => breaker, { closed: good, open: stood }),
    states('Redis', ({ redis }) => redis, { up: good, down: bad, off: bad }),
    {
      name: 'Workers ready',
      segments: segmentsOf(samples, lengthMs, ({ workers }) => String(workers)),
      lookOf: (state) => (Number(state) === most ? good : bad),
    },
  ];
}

/** From the opening of each Master Incident to its end, and each suspected incident for as long as it was seen. */
export function incidentStrips({ incidents, startedAt, lengthMs }: Recording): readonly Strip[] {
  const at = (time: string): number => Date.parse(time) - Date.parse(startedAt);
  return incidents.map((incident): Strip => {
    const { opened_at, closed_at, status, member_count, scenarios, seenFromMs, seenToMs } = incident;
    const isOpened = opened_at !== null;
    const fromMs = isOpened ? at(opened_at) : seenFromMs;
    const toMs = closed_at === null ? (isOpened ? lengthMs : seenToMs) : at(closed_at);
    return {
      name: isOpened ? 'Incident' : 'Suspected',
      note: scenarios.join(', '),
      segments: [{ fromMs, toMs, state: status }],
      lookOf: () => (isOpened ? { fill: BLUE, ink: '#ffffff' } : { fill: PALE_BLUE, ink: INK }),
      textOf: () => `${member_count} members, ${status}`,
    };
  });
}

/** How full each agent's desk is: the darker, the fuller. */
export function agentStrips({ agents, samples, lengthMs }: Recording): readonly Strip[] {
  return agents.map(({ id, name, capacity }) => ({
    name,
    note: `${capacity} slots`,
    segments: segmentsOf(samples, lengthMs, ({ loads }) => String(loads[id] ?? 0)),
    lookOf: (state) => {
      const part = Number(state) / Math.max(1, capacity);
      return { fill: shade(part), ink: part > 0.55 ? '#ffffff' : INK };
    },
    textOf: ({ state }) => (Number(state) > 0 ? state : ''),
  }));
}

/** From pale to blue. @param part - in [0, 1] */
export function shade(part: number): string {
  const [from, to] = [
    [237, 241, 246],
    [47, 102, 144],
  ] as const;
  const share = Math.min(1, Math.max(0, part));
  return `rgb(${from.map((start, index) => Math.round(start + ((to[index] ?? 0) - start) * share)).join(',')})`;
}

function percentileLines(
  frame: Frame,
  name: string,
  values: readonly { readonly atMs: number; readonly tookMs: number }[],
): string {
  const colours = [TEAL, BLUE, RED];
  const series = percentilesOverTime(values, WINDOW_MS);
  const lines = PERCENTILES.map((hundredths, index): Line => ({
    name: `p${hundredths}`,
    colour: colours[index] ?? INK,
    points: series[index] ?? [],
  }));
  return logLines(frame, { name, unit: `per ${WINDOW_MS / 1000} s, log axis` }, lines, 3 * WINDOW_MS);
}

/** One point for each look that shows something new. */
function pointsOf(samples: readonly Sample[], valueOf: (sample: Sample) => number): readonly Point[] {
  const points: Point[] = [];
  for (const sample of samples) {
    const value = valueOf(sample);
    if (value !== points.at(-1)?.value) points.push({ atMs: sample.atMs, value });
  }
  return points;
}
