import { aDecision } from '@smart-support/testing';
import { newRecord } from '@smart-support/broker/rules';
import type { Call } from '../../commands/command-table';
import { named } from '../../commands/replies';
import { decided, fieldsOf } from '../../records/ticket-fields';
import { TICK, bounds, offer } from '../raw-commands';
import { type ScenesOf, answers } from './scene';

/** What was decided elsewhere about a ticket, as `adopt` takes it. */
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
    fields: written,
  };
}

/** What happens to tickets that another broker is done with. */
export const ADOPTION_SCENES: ScenesOf<'adoption/adopt'> = {
  'adoption/adopt': {
    'of a ticket with an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return [adoption('a', 'assigned', 'ann')];
      },
      copes: { 'ticket:a': answers(['known']), 'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted') },
    },
    'of a ticket in line, with somebody to take it': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return [adoption('a', 'waiting')];
      },
      copes: {
        'ticket:a': answers(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        // Nobody else's ticket has to wait elsewhere because of one agent.
        'agent:ann:tickets': answers(['adopted', 'waiting', [], []]),
      },
    },
    'of a ticket that was suppressed': {
      prepare: async () => [adoption('a', 'queued')],
      copes: { 'ticket:a': answers(['known']), 'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted') },
    },
    'of a completed ticket': {
      prepare: async () => [adoption('a', 'completed')],
      copes: { 'ticket:a': answers(['known']), 'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted') },
    },
    'of a dead ticket, which another must make room for': {
      prepare: async (deeds, domain) => {
        await domain.run('queue/accept', bounds(), [offer('old', 'normal', 'idempotency:old-key')]);
        await deeds.claim('old');
        await deeds.fail('old', false);
        return [adoption('a', 'dead')];
      },
      copes: {
        'ticket:a': answers(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        'ticket:old': answers(['adopted', 'dead', [], ['old']]),
        'idempotency:old-key': answers(['adopted', 'dead', [], ['old']]),
      },
      givenUp: ['ticket:old'],
    },
  },
};
