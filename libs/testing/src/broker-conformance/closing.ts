import type { Broker } from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput, anArrival } from '../fixtures';
import { expectRefusal, type OpenHarness } from './broker-harness';

/** Closing a broker. */
export function describeClosing(open: OpenHarness): void {
  describe('a closed broker', () => {
    it('refuses every call', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.close();
      const calls: ((broker: Broker) => Promise<unknown>)[] = [
        ({ queue }) => queue.waitForWork(10),
        ({ queue }) => queue.accept([aNewTicket()]),
        ({ queue }) => queue.claim(1),
        ({ queue }) => queue.claimById('a'),
        ({ queue }) => queue.heartbeat([claim]),
        ({ queue }) => queue.fail(claim, { code: 'x', message: 'x', retryable: true }),
        ({ queue }) => queue.requeue(claim),
        ({ queue }) => queue.sweep(),
        ({ queue }) => queue.report(),
        ({ tickets }) => tickets.get('a'),
        ({ tickets }) => tickets.list({ sort: 'newest' }),
        ({ tickets }) => tickets.count({}),
        ({ tickets }) => tickets.commit(claim, aDecision()),
        ({ tickets }) => tickets.complete('a', {}),
        ({ tickets }) => tickets.reassign('a', { by: null, note: null }),
        ({ tickets }) => tickets.amend('a', {}, { by: null, note: null }),
        ({ tickets }) => tickets.cancel('a', { by: null, note: null }),
        ({ tickets }) => tickets.reopen('a', { by: null, note: null }),
        ({ tickets }) => tickets.note('a', { by: null, note: 'Still dead.' }),
        ({ agents }) => agents.list(),
        ({ agents }) => agents.put('ann', anAgentInput()),
        ({ agents }) => agents.remove('ann'),
        ({ agents }) => agents.seed([]),
        ({ storms }) => storms.judge(claim, anArrival()),
        ({ incidents }) => incidents.list(),
        ({ incidents }) => incidents.get('i'),
        ({ incidents }) => incidents.members('i'),
        ({ incidents }) => incidents.doubtfulMembers('i'),
        ({ incidents }) => incidents.open('An outage', ['a']),
        ({ incidents }) => incidents.confirm('i'),
        ({ incidents }) => incidents.resolve('i'),
        ({ incidents }) => incidents.reject('i'),
        ({ incidents }) => incidents.unlink('i', 'a'),
        ({ deadLetters }) => deadLetters.list(),
        ({ deadLetters }) => deadLetters.retry('a'),
        ({ deadLetters }) => deadLetters.remove('a'),
        ({ outbox }) => outbox.claim(1, 1000),
        ({ outbox }) => outbox.acknowledge('ticket.urgent:a'),
        ({ outbox }) => outbox.retryLater('ticket.urgent:a', 1, 0),
        ({ workers }) => workers.announce({ worker_id: 'w', circuit_breaker: 'closed', in_flight: 0 }, 1000),
        ({ workers }) => workers.leave('w'),
        ({ workers }) => workers.list(),
      ];
      for (const call of calls) await expectRefusal(call(harness.broker), 'closed');
    });

    it('can be closed again', async () => {
      const { broker } = await open();
      await broker.close();
      await expect(broker.close()).resolves.toBeUndefined();
    });
  });
}
