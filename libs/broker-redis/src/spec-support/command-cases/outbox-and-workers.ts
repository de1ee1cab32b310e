import { LEASE_MS } from '../raw-commands';
import type { CasesOf } from './command-case';

/** Events and workers. */
export const OUTBOX_AND_WORKER_CASES: CasesOf<
  | 'workers/announce'
  | 'workers/leave'
  | 'outbox/claim'
  | 'workers/list'
  | 'outbox/retry-later'
  | 'outbox/acknowledge'
  | 'outbox/fan-out'
  | 'outbox/emit'
> = {
  'workers/announce': {
    'of a worker': { prepare: async () => [{ id: 'w', status: '{"worker_id":"w"}', ttl_ms: 60_000 }] },
  },
  'workers/leave': {
    'of a worker on the list': {
      prepare: async (_deeds, domain) => {
        await domain.run('workers/announce', { id: 'w', status: '{"worker_id":"w"}', ttl_ms: 60_000 });
        return [{ id: 'w' }];
      },
    },
  },
  'outbox/claim': {
    'of one that is due': {
      prepare: async (commands) => {
        await commands.committed('a');
        return [{ endpoint: '', limit: 10, lease_ms: LEASE_MS }];
      },
    },
    'of one that an endpoint was given': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('outbox/fan-out', { id: 'ticket.urgent:a', endpoints: ['desk'] });
        return [{ endpoint: 'desk', limit: 10, lease_ms: LEASE_MS }];
      },
    },
  },
  'workers/list': {
    'of one alive and one expired': {
      prepare: async (_deeds, domain) => {
        await domain.run('workers/announce', { id: 'lives', status: '{"worker_id":"lives"}', ttl_ms: 60_000 });
        await domain.run('workers/announce', { id: 'silent', status: '{"worker_id":"silent"}', ttl_ms: -1 });
        return [{}];
      },
    },
  },
  'outbox/retry-later': {
    'that is in flight': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('outbox/claim', { endpoint: '', limit: 10, lease_ms: LEASE_MS });
        return [{ endpoint: '', id: 'ticket.urgent:a', attempts: 1, delay_ms: 60_000 }];
      },
    },
    'of an endpoint': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('outbox/fan-out', { id: 'ticket.urgent:a', endpoints: ['desk'] });
        return [{ endpoint: 'desk', id: 'ticket.urgent:a', attempts: 1, delay_ms: 60_000 }];
      },
    },
  },
  'outbox/acknowledge': {
    'that was delivered': {
      prepare: async (commands) => {
        await commands.committed('a');
        return [{ endpoint: '', id: 'ticket.urgent:a' }];
      },
    },
    'that an endpoint has': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('outbox/fan-out', { id: 'ticket.urgent:a', endpoints: ['desk'] });
        return [{ endpoint: 'desk', id: 'ticket.urgent:a' }];
      },
    },
  },
  'outbox/emit': {
    'of a new event': { prepare: async () => [{ id: 'webhook.disabled:desk', body: '{}' }] },
  },
  'outbox/fan-out': {
    'to two endpoints': {
      prepare: async (commands) => {
        await commands.committed('a');
        return [{ id: 'ticket.urgent:a', endpoints: ['desk', 'on-call'] }];
      },
    },
    'to none': {
      prepare: async (commands) => {
        await commands.committed('a');
        return [{ id: 'ticket.urgent:a', endpoints: [] }];
      },
    },
  },
};
