import { quantile } from '../../../../bench/statistics';
import { allPass, verdictOf } from '../../../audit/finding';
import type { Recording } from '../recorder/recording';
import { WINDOW_MS } from './day-plots';
import { STYLE } from './page-style';
import { escaped } from './svg';
import { scenariosTable, findingsTable, incidentsTable, settingsTable } from './tables';
import { drawTimeline } from './timeline';

/** The report: one self-contained page without scripts. */
export function drawPage(recording: Recording): string {
  const { seed, scenarios, findings, settings } = recording;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Smart-Support: a bad day, seed ${seed}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${header(recording)}
${tiles(recording)}
<h2>What must hold</h2>
${findingsTable(findings)}
<h2>The day</h2>
<p class="note">Scenarios are bands through all plots; dashed lines are actions and faults in between. Point at a band, a line or a stretch for its name.</p>
<figure>${drawTimeline(recording)}</figure>
<p class="note">${NOTES}</p>
<h2>The scenarios</h2>
${scenariosTable(scenarios)}
<h2>Incidents</h2>
${incidentsTable(recording)}
<h2>Settings that differ from their defaults</h2>
<p class="note">Windows are shortened so that a day fits into two minutes. Latencies are real: nothing is stubbed, scaled or replayed.</p>
${settingsTable(settings)}
</main>
</body>
</html>
`;
}

const NOTES = [
  'POST answer: from sending a ticket to its answer, every attempt.',
  'POST to routed: from the first attempt to the decision: an agent, a place in line, or suppressed.',
  `Percentiles are taken over ${WINDOW_MS / 1000} s; where few tickets came, p95 and p99 are close to the slowest of them.`,
  'Queue, waiting lines, slots, mode and breaker are read from GET /queue, /agents and /health every 250 ms; while Redis is down they show the gateway alone.',
  'Suppressed tickets are counted from the logs at the same moments.',
].join(' ');

function header({ seed, isShort, startedAt, machine, versions, findings, lengthMs }: Recording): string {
  const facts = [
    `seed ${seed}${isShort ? ', short' : ''}`,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    machine,
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${(lengthMs / 1000).toFixed(0)} s`,
  ];
  return `<header>
<div><h1>A bad day, simulated</h1>
<p>Gateway, two workers, Redis and a webhook receiver as real processes. One second of the run is five minutes of the day.</p>
<p class="facts">${facts.map((fact) => `<span>${escaped(fact)}</span>`).join('')}</p></div>
<div class="verdict ${allPass(findings) ? 'pass' : 'fail'}">${verdictOf(findings)}</div>
</header>`;
}

function tiles({ numbers, posts, decisions, samples, incidents }: Recording): string {
  const times = (values: readonly number[]): string =>
    values.length === 0 ? '&ndash;' : [0.5, 0.95, 0.99].map((share) => inWords(quantile(values, share))).join(' / ');
  const shown: readonly (readonly [value: string, name: string])[] = [
    [String(numbers['tickets sent'] ?? 0), 'tickets'],
    [times(posts.map(({ waitedMs }) => waitedMs)), 'POST answer, p50 / p95 / p99'],
    [times(decisions.map(({ tookMs }) => tookMs)), 'POST to routed, p50 / p95 / p99'],
    [String(Math.max(0, ...samples.map(({ queued }) => queued))), 'deepest queue'],
    [String(incidents.filter(({ opened_at }) => opened_at !== null).length), 'Master Incidents'],
    [String(numbers['suppressed at most'] ?? 0), 'suppressed at once, at most'],
    [String(numbers['alerts delivered'] ?? 0), 'alerts delivered'],
  ];
  return `<div class="tiles">${shown.map(([value, name]) => `<div><b>${value}</b><span>${escaped(name)}</span></div>`).join('')}</div>`;
}

function inWords(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
