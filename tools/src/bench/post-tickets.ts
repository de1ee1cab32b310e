const BATCH = 100;
const BATCHES_AT_ONCE = 4;

/** A ticket as the gateway answers it when it was routed at once; of one that was queued nothing of this is known. */
export interface Answered {
  readonly id?: string;
}

/**
 * Posts so many tickets, a hundred in a request and four requests at once; texts are used again and again.
 * @param status - what each of them must be answered with
 * @param then - told of the answers of each request, and waited for
 * @throws Error when a ticket is answered with anything else
 */
export async function postTickets(
  url: string,
  texts: readonly string[],
  tickets: number,
  status: 200 | 202,
  then: (answers: readonly Answered[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  let next = 0;
  const poster = async (): Promise<void> => {
    while (next < tickets) {
      const first = next;
      next += BATCH;
      const size = Math.min(BATCH, tickets - first);
      const batch = Array.from({ length: size }, (_, index) => ({
        text: texts[(first + index) % texts.length],
        // One requester counts once: texts that come again are no storm.
        requester: 'bench@example.org',
      }));
      const { results } = (await post(url, '/tickets', batch)) as {
        readonly results: readonly { readonly status_code: number; readonly body: Answered }[];
      };
      const other = results.find(({ status_code }) => status_code !== status);
      if (other) throw new Error(`a ticket was answered with ${other.status_code}`);
      await then(results.map(({ body }) => body));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, poster));
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
