import { inFlight } from './whole-passes';

const BATCH = 100;
const BATCHES_IN_FLIGHT = 4;

/** A ticket as the gateway answers it when it was routed at once; the answer for a queued one has no id. */
export interface Answered {
  readonly id?: string;
}

/**
 * Posts tickets in batches; texts are used repeatedly.
 * @param status - the expected status of each ticket
 * @param then - called with the answers of each batch, and awaited
 * @throws Error when a ticket is answered with another status
 */
export async function postTickets(
  url: string,
  texts: readonly string[],
  tickets: number,
  status: 200 | 202,
  then: (answers: readonly Answered[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(tickets / BATCH) }, (_, batch) => batch * BATCH);
  await inFlight(starts, BATCHES_IN_FLIGHT, async (start) => {
    const batch = Array.from({ length: Math.min(BATCH, tickets - start) }, (_, index) => ({
      text: texts[(start + index) % texts.length],
      // Tickets of one requester count once, so that repeated texts are no storm.
      requester: 'bench@example.org',
    }));
    const { results } = (await post(url, '/tickets', batch)) as {
      readonly results: readonly { readonly status_code: number; readonly body: Answered }[];
    };
    const other = results.find(({ status_code }) => status_code !== status);
    if (other) throw new Error(`a ticket was answered with ${other.status_code}`);
    await then(results.map(({ body }) => body));
  });
}

/** Posts JSON and reads the JSON of the answer. @throws Error unless it is a success */
export async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
