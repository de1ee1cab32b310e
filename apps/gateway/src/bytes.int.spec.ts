import { gzipSync } from 'node:zlib';
import { eventually } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1', MEMORY_MAX_BYTES: '2000000' });
}, 60_000);
afterAll(() => gateway?.stop());

interface Result {
  readonly status_code: number;
  readonly body: { readonly detail?: string; readonly retry_after_seconds?: number };
}

/** A batch of long tickets, of which some hundred bytes go over the wire. */
async function flood(name: string): Promise<Result[]> {
  const tickets = Array.from({ length: 40 }, (_, n) => ({ id: `${name}-${n}`, text: `${n} ${'€'.repeat(21_000)}` }));
  const response = await fetch(`http://127.0.0.1:${gateway.port}/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify(tickets)),
  });
  return ((await response.json()) as { results: Result[] }).results;
}

const bytes = async (name: string): Promise<number> => {
  const { body } = await gateway.call<string>('GET', '/metrics');
  return Number(new RegExp(`^${name}\\{broker="memory"\\} (\\d+)$`, 'm').exec(body)?.[1]);
};

it('long tickets fill the budget and no more, and everything inside goes on', async () => {
  const honest = { id: 'honest', text: 'My invoice of May lists one seat too many.' };
  expect((await gateway.call('POST', '/ticket', honest)).status).toBe(200);

  const results = [...(await flood('a')), ...(await flood('b'))];
  const taken = results.filter(({ status_code }) => status_code === 200).length;
  expect(taken).toBeGreaterThan(30);
  expect(taken).toBeLessThan(48);
  const refused = results.filter(({ status_code }) => status_code === 503);
  expect(taken + refused.length).toBe(80);
  expect(refused[0]?.body.detail).toContain('no space for the bytes');
  expect(refused[0]?.body.retry_after_seconds).toBe(5);
  expect(await bytes('smart_support_broker_bytes')).toBeLessThanOrEqual(2_000_000);
  expect(await bytes('smart_support_broker_bytes_max')).toBe(2_000_000);

  expect((await gateway.call('GET', '/tickets/honest')).body).toMatchObject({ status: 'assigned', text: honest.text });
  expect((await gateway.call('POST', '/ticket', honest)).body).toMatchObject({ id: 'honest', is_repeat: true });
  expect((await gateway.call('POST', '/tickets/honest/complete', {})).status).toBe(200);
  const { body } = await gateway.call('GET', '/tickets/a-0');
  expect(body.text).toHaveLength(21_002);
  const full = await gateway.call('POST', '/ticket', { text: 'x'.repeat(60_000) });
  expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);

  const inLine = results.findIndex(({ status_code }) => status_code === 200);
  const assigned = (
    await Promise.all(Array.from({ length: taken }, (_, n) => gateway.call('GET', `/tickets/a-${n + inLine}`)))
  )
    .filter((answer) => answer.body.status === 'assigned')
    .map((answer) => answer.body.id);
  for (const id of assigned) expect((await gateway.call('POST', `/tickets/${id}/complete`, {})).status).toBe(200);
  expect((await gateway.call('POST', '/ticket', { id: 'later', text: 'I still cannot sign in.' })).status).toBe(200);
  await eventually('it is routed', async () => (await gateway.call('GET', '/tickets/later')).body.category !== null);
});
