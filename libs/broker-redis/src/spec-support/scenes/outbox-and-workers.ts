import { LEASE_MS } from '../deeds';
import type { ScenesOf } from './scene';

/** What happens to events, and to workers. */
export const OUTBOX_AND_WORKER_SCENES: ScenesOf<
  'announce-worker' | 'claim-events' | 'list-workers' | 'retry-event-later' | 'acknowledge-event'
> = {
  'announce-worker': {
    'of a worker that lives': { prepare: async () => ['w', '{"worker_id":"w"}', 60_000] },
    'of a worker that leaves': {
      prepare: async (_deeds, domain) => {
        await domain.run('announce-worker', 'w', '{"worker_id":"w"}', 60_000);
        return ['w', '', 0];
      },
    },
  },
  'claim-events': {
    'of one that is due': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return [10, LEASE_MS];
      },
    },
  },
  'list-workers': {
    'of one who lives and one who is silent': {
      prepare: async (_deeds, domain) => {
        await domain.run('announce-worker', 'lives', '{"worker_id":"lives"}', 60_000);
        await domain.run('announce-worker', 'silent', '{"worker_id":"silent"}', -1);
        return [];
      },
    },
  },
  'retry-event-later': {
    'that is in flight': {
      prepare: async (deeds, domain) => {
        await deeds.committed('a');
        await domain.run('claim-events', 10, LEASE_MS);
        return ['ticket.urgent:a', 1, 60_000];
      },
    },
  },
  'acknowledge-event': {
    'that was delivered': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return ['ticket.urgent:a'];
      },
    },
  },
};
