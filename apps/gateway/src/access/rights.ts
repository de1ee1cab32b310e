import type { ApiRole } from '@smart-support/config';

/** One call of the HTTP API and who may make it. */
export interface Right {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express pattern, spelt as the route spells it. */
  readonly path: string;
  /** The roles whose keys open it; `everyone` needs no key. */
  readonly for: readonly ApiRole[] | 'everyone';
}

/**
 * Who may call what. A call that is not listed, other methods and unknown paths included, is for operators.
 *
 * - `ingest` is for senders of tickets, and may read those of its trust domain and add notes to them.
 * - `agent` belongs to a desk: it reads and lists tickets, their explanations, incidents and members, agents and the queue, and completes, corrects, reassigns, cancels and reopens tickets, and adds notes to them.
 * - Liveness, readiness and health are for everyone: load balancers, container health checks and
 *   the clients of `GET /health` have no keys, and nothing in these answers belongs to a customer.
 * - Webhooks of other products carry no key: each source has a check of its own, which its route makes.
 * - `/metrics` is for operators: they are the figures of a whole business by category and minute.
 */
export const RIGHTS: readonly Right[] = [
  { method: 'get', path: '/livez', for: 'everyone' },
  { method: 'get', path: '/readyz', for: 'everyone' },
  { method: 'get', path: '/health', for: 'everyone' },
  { method: 'get', path: '/metrics', for: ['operator'] },

  { method: 'post', path: '/ticket', for: ['ingest', 'operator'] },
  { method: 'post', path: '/tickets', for: ['ingest', 'operator'] },
  { method: 'post', path: '/hooks/:source', for: 'everyone' },
  { method: 'get', path: '/tickets', for: ['agent', 'operator'] },
  { method: 'get', path: '/ticket-counts', for: ['agent', 'operator'] },
  { method: 'get', path: '/tickets/:id', for: ['ingest', 'agent', 'operator'] },
  { method: 'get', path: '/tickets/:id/explain', for: ['agent', 'operator'] },
  { method: 'get', path: '/tickets/:id/history', for: ['agent', 'operator'] },
  { method: 'patch', path: '/tickets/:id', for: ['agent', 'operator'] },
  { method: 'post', path: '/tickets/:id/complete', for: ['agent', 'operator'] },
  { method: 'post', path: '/tickets/:id/reassign', for: ['agent', 'operator'] },
  { method: 'post', path: '/tickets/:id/cancel', for: ['agent', 'operator'] },
  { method: 'post', path: '/tickets/:id/reopen', for: ['agent', 'operator'] },
  { method: 'post', path: '/tickets/:id/note', for: ['ingest', 'agent', 'operator'] },

  { method: 'get', path: '/agents', for: ['agent', 'operator'] },
  { method: 'get', path: '/agents/:id/tickets', for: ['agent', 'operator'] },
  { method: 'put', path: '/agents/:id', for: ['operator'] },
  { method: 'delete', path: '/agents/:id', for: ['operator'] },

  { method: 'get', path: '/incidents', for: ['agent', 'operator'] },
  { method: 'post', path: '/incidents', for: ['operator'] },
  { method: 'post', path: '/incidents/resolve', for: ['operator'] },
  { method: 'post', path: '/incidents/reject', for: ['operator'] },
  { method: 'get', path: '/incidents/:id', for: ['agent', 'operator'] },
  { method: 'get', path: '/incidents/:id/members', for: ['agent', 'operator'] },
  { method: 'delete', path: '/incidents/:id/members/:ticket', for: ['operator'] },
  { method: 'post', path: '/incidents/:id/confirm', for: ['operator'] },
  { method: 'post', path: '/incidents/:id/resolve', for: ['operator'] },
  { method: 'post', path: '/incidents/:id/reject', for: ['operator'] },

  { method: 'get', path: '/queue', for: ['agent', 'operator'] },
  { method: 'get', path: '/dead-letters', for: ['operator'] },
  { method: 'delete', path: '/dead-letters/:id', for: ['operator'] },
  { method: 'post', path: '/dead-letters/:id/retry', for: ['operator'] },
];

/** Who may make a call that is not listed in {@link RIGHTS}. */
export const UNLISTED: readonly ApiRole[] = ['operator'];
