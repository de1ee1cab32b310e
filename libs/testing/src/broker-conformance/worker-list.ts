import type { WorkerStatus } from '@smart-support/contracts';
import type { OpenHarness } from './broker-harness';

const TTL_MS = 400;

const worker = (worker_id: string, changes: Partial<WorkerStatus> = {}): WorkerStatus => ({
  worker_id,
  circuit_breaker: 'closed',
  in_flight: 0,
  ...changes,
});

/** The workers that are alive. */
export function describeWorkerList(open: OpenHarness): void {
  describe('the list of workers', () => {
    it('is empty without an announcement', async () => {
      const { broker } = await open();
      expect(await broker.workers.list()).toEqual([]);
    });

    it('has the latest status of each worker by id', async () => {
      const { broker } = await open();
      for (const id of ['w2', 'constructor', 'w10', 'W1']) await broker.workers.announce(worker(id), 10_000);
      const latest = worker('w2', { circuit_breaker: 'open', in_flight: 7 });
      await broker.workers.announce(latest, 10_000);
      expect(await broker.workers.list()).toEqual([worker('W1'), worker('constructor'), worker('w10'), latest]);
    });

    it('drops workers without an announcement for too long, and only them', async () => {
      const harness = await open();
      const { workers } = harness.broker;
      for (const id of ['repeats', 'silent']) await workers.announce(worker(id), TTL_MS);
      await workers.announce(worker('patient'), 10_000);
      await harness.advance(TTL_MS * 0.6);
      await workers.announce(worker('repeats', { in_flight: 1 }), TTL_MS);
      await harness.advance(TTL_MS * 0.6);
      expect(await workers.list()).toEqual([worker('patient'), worker('repeats', { in_flight: 1 })]);
    });

    it('can be left at once, and joined again', async () => {
      const { broker } = await open();
      for (const id of ['a', 'b']) await broker.workers.announce(worker(id), 10_000);
      for (const id of ['a', 'a', 'unknown', '__proto__']) await broker.workers.leave(id);
      expect(await broker.workers.list()).toEqual([worker('b')]);
      await broker.workers.announce(worker('a'), 10_000);
      expect(await broker.workers.list()).toEqual([worker('a'), worker('b')]);
    });
  });
}
