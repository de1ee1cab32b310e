import { aDecision } from '@smart-support/testing';
import { newRecord } from '@smart-support/broker/rules';
import type { Call } from '../../commands/command-table';
import { named } from '../../commands/replies';
import { requesterField } from '../../records/index-columns';
import { decided, fieldsOf } from '../../records/ticket-fields';
import { TICK, bounds, offer } from '../raw-commands';
import { type CasesOf, replies } from './command-case';

/** A ticket that another broker decided about, as `adopt` takes it. */
function adoption(
  id: string,
  status: 'assigned' | 'waiting' | 'queued' | 'completed' | 'dead',
  agent = '',
): Call<'adoption/adopt'>[0] {
  const queued = newRecord({ id, input: { text: 'x' }, lane: 'normal', lane_urgency: 0.2 }, '2030-01-01T00:00:00.000Z');
  const { ticket, explanation } = queued;
  const decision = aDecision();
  const record = {
    ...queued,
    ticket: { ...ticket, ...decided(decision), status, assigned_agent: agent === '' ? null : agent },
    explanation: {
      ...explanation,
      ...decision.explanation,
      assignment: { how: 'waiting' as const, decided_at: ticket.received_at, agent_id: null, agents: [] },
    },
  };
  const death = {
    ticket_id: id,
    error: { code: 'c', message: 'm' },
    attempts: 1,
    stalls: 0,
    died_at: ticket.received_at,
  };
  const written = fieldsOf(record, 1, status === 'dead' ? death : undefined);
  return {
    id,
    status,
    category: 'Billing',
    agent,
    retention_ms: 1000,
    dead_letters_max: 1,
    idempotency_key: 'key',
    idempotency_ms: 1000,
    event_id: `ticket.urgent:${id}`,
    event_body: '{}',
    event_attempts: 0,
    event_created_ms: 1,
    storm_entry: TICK,
    duplicate_name: '',
    duplicate_ms: 0,
    max_bytes: '',
    known_free_bytes: '',
    requester: requesterField(record.ticket.requester),
    fields: written,
  };
}

/** Adoptions of tickets from another broker. */
export const ADOPTION_CASES: CasesOf<'adoption/adopt'> = {
  'adoption/adopt': {
    'of a ticket with an agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        return [adoption('a', 'assigned', 'ann')];
      },
      tolerates: {
        'ticket:a': replies(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
      },
    },
    'of a waiting ticket, with a free agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        return [adoption('a', 'waiting')];
      },
      tolerates: {
        'ticket:a': replies(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        // One corrupt agent must not delay tickets of others.
        'agent:ann:tickets': replies(['adopted', 'waiting', [], []]),
      },
    },
    'of a ticket that was suppressed': {
      prepare: async () => [adoption('a', 'queued')],
      tolerates: {
        'ticket:a': replies(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
      },
    },
    'of a completed ticket': {
      prepare: async () => [adoption('a', 'completed')],
      tolerates: {
        'ticket:a': replies(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
      },
    },
    'of a dead ticket, for which another is dropped': {
      prepare: async (commands, domain) => {
        await domain.run('queue/accept', bounds(), [offer('old', 'normal', 'idempotency:old-key')]);
        await commands.claim('old');
        await commands.fail('old', false);
        return [adoption('a', 'dead')];
      },
      tolerates: {
        'ticket:a': replies(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        'ticket:old': replies(['adopted', 'dead', [], ['old']]),
        'idempotency:old-key': replies(['adopted', 'dead', [], ['old']]),
      },
      dropped: ['ticket:old'],
    },
  },
};
