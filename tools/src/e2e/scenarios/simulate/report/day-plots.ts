import { CATEGORIES } from '@smart-support/contracts';
import type { Recording, Sample } from '../recorder/recording';
import type { Frame } from './frame';
import { AMBER, BLUE, INK, PALE_BLUE, RED, TEAL } from './palette';
import { type Layer, logLines, stackedAreas } from './plots';
import { arrivalsPerSecond, quantileOverTime, segmentsOf } from './series';
import type { Look, Strip } from './strips';

/** Quantiles of times are taken over windows of this length, in milliseconds. */
export const WINDOW_MS = 2000;

/** Draws one thing of a day into a frame. */
export type Plot = (recording: Recording, frame: Frame) => string;

/** Accepted tickets by kind. */
export const arrivals: Plot = (recording, frame) => {
  const layers: readonly Layer[] = [
    { name: 'everyday', colour: PALE_BLUE, values: arrivalsPerSecond(recording, ['office', 'spike', 'kill']) },
    {
      name: 'similar tickets',
      colour: BLUE,
      values: arrivalsPerSecond(recording, ['verbatim', 'paraphrased', 'letters']),
    },
    { name: 'one customer', colour: AMBER, values: arrivalsPerSecond(recording, ['angry']) },
  ];
  const seconds = layers[0]?.values.map((_, second) => 1000 * second) ?? [];
  return stackedAreas(frame, { name: 'Arrivals', unit: 'tickets per second' }, layers, seconds);
};

/** Tickets that are not yet in work. */
export const queueDepth = sampled('Queue depth', 'tickets not yet in work', [['queued', BLUE, ({ queued }) => queued]]);

/** How long a client waits for the answer to a ticket. */
export const answerTime: Plot = ({ posts }, frame) =>
  timeLines(
    frame,
    'POST answer',
    posts.map(({ atMs, waitedMs }) => ({ atMs, tookMs: waitedMs })),
  );

/** How long it takes from the first attempt to submit a ticket to the decision about it. */
export const decisionTime: Plot = ({ decisions }, frame) => timeLines(frame, 'POST to routed', decisions);

/** Tickets that wait for the end of an incident. */
export const suppressed = sampled('Suppressed', 'tickets of open incidents', [
  ['suppressed', BLUE, (sample) => sample.suppressed],
]);

/** Understood tickets without a free agent. */
export const waitingLines = sampled(
  'Waiting lines',
  'tickets without an agent',
  CATEGORIES.map((name, index) => [name, [BLUE, TEAL, AMBER][index] ?? INK, ({ waiting }) => waiting[name] ?? 0]),
);

const GOOD: Look = { fill: '#dcebe7', ink: '#2c6b60' };
const BAD: Look = { fill: RED, ink: '#ffffff' };
const DEGRADED: Look = { fill: AMBER, ink: '#ffffff' };

/** Breaker, mode, Redis and workers. */
export function stateStrips({ samples, lengthMs }: Recording): readonly Strip[] {
  const most = String(Math.max(0, ...samples.map(({ workers }) => workers)));
  const strip = (name: string, stateOf: (sample: Sample) => string, lookOf: (state: string) => Look): Strip => {
    return { name, segments: segmentsOf(samples, lengthMs, stateOf), lookOf };
  };
  return [
    strip(
      'Mode',
      ({ mode }) => mode,
      (state) => (state === 'async' ? GOOD : DEGRADED),
    ),
    strip(
      'Breaker',
      ({ breaker }) => breaker,
      (state) => (state === 'closed' ? GOOD : DEGRADED),
    ),
    strip(
      'Redis',
      ({ redis }) => redis,
      (state) => (state === 'up' ? GOOD : BAD),
    ),
    strip(
      'Workers ready',
      ({ workers }) => String(workers),
      (state) => (state === most ? GOOD : BAD),
    ),
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

/** How many slots of each agent are taken: the darker, the more. */
export function agentStrips({ agents, samples, lengthMs }: Recording): readonly Strip[] {
  return agents.map(({ id, name, capacity }) => ({
    name,
    note: `${capacity} slots`,
    segments: segmentsOf(samples, lengthMs, ({ loads }) => String(loads[id] ?? 0)),
    lookOf: (state) => {
      const share = Math.min(1, Number(state) / Math.max(1, capacity));
      return { fill: shade(share), ink: share > 0.55 ? '#ffffff' : INK };
    },
    textOf: ({ state }) => (Number(state) > 0 ? state : ''),
  }));
}

/** From pale to blue. @param share - in [0, 1] */
function shade(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * share);
  return `rgb(${mix(237, 47)},${mix(241, 102)},${mix(246, 144)})`;
}

type SampledLayer = readonly [name: string, colour: string, valueOf: (sample: Sample) => number];

/** A plot of amounts in the samples. */
function sampled(name: string, unit: string, layers: readonly SampledLayer[]): Plot {
  return ({ samples }, frame) =>
    stackedAreas(
      frame,
      { name, unit },
      layers.map(([layer, colour, valueOf]) => ({ name: layer, colour, values: samples.map(valueOf) })),
      samples.map(({ atMs }) => atMs),
    );
}

function timeLines(frame: Frame, name: string, times: Parameters<typeof quantileOverTime>[0]): string {
  const lines = (
    [
      ['p50', 0.5, TEAL],
      ['p95', 0.95, BLUE],
      ['p99', 0.99, RED],
    ] as const
  ).map(([line, share, colour]) => ({ name: line, colour, points: quantileOverTime(times, WINDOW_MS, share) }));
  return logLines(frame, { name, unit: `per ${WINDOW_MS / 1000} s, log axis` }, lines, 3 * WINDOW_MS);
}
