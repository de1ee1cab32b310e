/** A gauge or counter without labels in the text of `GET /metrics`. @throws Error if it is missing */
export function metricIn(exposition: string, name: string): number {
  const line = exposition.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  const value = line === undefined ? Number.NaN : Number(line.slice(name.length + 1));
  if (Number.isNaN(value)) throw new Error(`the gateway does not report ${name}`);
  return value;
}

/**
 * The sum over all labels of a counter in the text of `GET /metrics`; 0 if it has never counted.
 * @param label - only lines with this label count, for example `route="/ticket"`
 */
export function sumIn(exposition: string, name: string, label = ''): number {
  return exposition
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** The metric is the time between two ticks of a timer of 10 ms (`monitorEventLoopDelay`, as prom-client starts it): an idle loop shows 10 ms, the rest is delay. */
const TICK_MS = 10;

/** Delay of the event loop since the last reading of the metrics, in milliseconds. */
export function loopDelayIn(exposition: string, which: 'p99' | 'max'): number {
  return metricIn(exposition, `nodejs_eventloop_lag_${which}_seconds`) * 1000 - TICK_MS;
}

/** Reads the metrics of a gateway. */
export async function readMetrics(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  return response.text();
}

/** Memory of the gateway's process, in megabytes of a million bytes. */
export async function residentMegabytes(url: string): Promise<number> {
  return metricIn(await readMetrics(url), 'process_resident_memory_bytes') / 1e6;
}
