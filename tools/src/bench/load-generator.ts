import autocannon from 'autocannon';
import { readSampleTexts, shortTexts } from './sample-tickets';

/**
 * Posts sample tickets from 50 connections and prints the answers per second as JSON.
 * Run as a process of its own, from the workspace's root:
 * `node load-generator.js <url> <seconds> [short]`; `short` cuts the texts to about 130 characters.
 */
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 2;

async function load(url: string, texts: readonly string[], seconds: number): Promise<autocannon.Result> {
  const requests = texts.map((text) => ({
    method: 'POST' as const,
    path: '/ticket',
    headers: { 'content-type': 'application/json' },
    // Tickets of one requester count once, so that repeated texts are no storm.
    body: JSON.stringify({ text, requester: 'bench@example.org' }),
  }));
  const share = Math.ceil(requests.length / CONNECTIONS);
  let connection = 0;
  return autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    // Each connection repeats its own part of the texts.
    setupClient: (client) => {
      const start = share * (connection++ % CONNECTIONS);
      client.setRequests(requests.slice(start, start + share));
    },
  });
}

async function main(url: string, seconds: number, length: string | undefined): Promise<void> {
  const whole = readSampleTexts(process.cwd());
  const texts = length === 'short' ? shortTexts(whole) : whole;
  await load(url, texts, WARM_UP_SECONDS);
  const result = await load(url, texts, seconds);
  if (result.errors > 0 || result.non2xx > 0)
    throw new Error(`${result.errors} requests failed and ${result.non2xx} were refused`);
  console.log(JSON.stringify({ perSecond: result['2xx'] / result.duration }));
}

main(process.argv[2] ?? '', Number(process.argv[3]), process.argv[4]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
