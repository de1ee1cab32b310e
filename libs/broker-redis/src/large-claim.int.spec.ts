import { isSmartSupportError } from '@smart-support/contracts';
import { aNewTicket, eventually } from '@smart-support/testing';
import { openBroker } from './spec-support/brokers';
import { useDomains } from './spec-support/use-domains';

/** Lua passes fewer than this many values at once. */
const MANY = 9_000;

const newDomain = useDomains();

describe('a claim of thousands of tickets', () => {
  it('has all of them in process, none between the lists', async () => {
    const domain = newDomain();
    const broker = await openBroker(domain.server, domain.prefix);
    const ids = Array.from({ length: MANY }, (_, index) => `t${index}`);
    for (let start = 0; start < MANY; start += 1000) {
      await broker.queue.accept(ids.slice(start, start + 1000).map((id) => aNewTicket({ id })));
    }
    // On a busy machine the reply may come after the time limit of the broker. The claim is made all the same.
    const claims = await broker.queue.claim(MANY).catch((error: unknown) => {
      if (!isSmartSupportError(error, 'outcome_unknown')) throw error;
    });
    if (claims) expect(claims.map(({ record }) => record.ticket.id)).toEqual(ids);
    await eventually('the store answers again', async () => (await broker.queue.report().catch(() => null)) !== null);
    expect(await broker.queue.report()).toMatchObject({ in_progress: MANY, lanes: { normal: 0 } });
    await broker.close();
  });
});
