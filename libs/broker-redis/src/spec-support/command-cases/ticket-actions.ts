import { TICKET_ACTIONS } from '@smart-support/contracts';
import { aDecision } from '@smart-support/testing';
import type { Call } from '../../commands/command-table';
import { named } from '../../commands/replies';
import { decisionField, historyEntry } from '../../records/ticket-fields';
import { type RawCommands, decision } from '../raw-commands';
import { type CasesOf, forEachKey, isQuarantined, twoWaitingTickets } from './command-case';

const ACTOR = { by: 'mara', note: 'The customer called.' };
const DECISION = String(decision('a', '').decision);
const OTHER_DECISION = decisionField(aDecision({ category: 'Legal', urgency_score: 0.5 }));

const LEGAL_ONLY = '{"skills":{"Legal":1},"capacity":1,"status":"available"}';

const ranking = async (commands: RawCommands, candidates: string, agents: readonly (string | number)[]) => ({
  ...{ roster_version: await commands.version(), facts: '[]', candidates, busy: '' },
  agents: [agents.length / 2, ...agents],
});

const cancel = (): Call<'tickets/cancel'> => [
  { id: 'a', statuses: TICKET_ACTIONS.cancel, retention_ms: 60_000, entry: historyEntry('cancel', ACTOR, null) },
];

const note = (): Call<'tickets/note'> => [
  { id: 'a', note_id: 'mail:1', entry: historyEntry('note', { ...ACTOR, note_id: 'mail:1' }, null) },
];

const changes = (given: Partial<Call<'tickets/amend'>[0]>): Call<'tickets/amend'> => [
  {
    ...{
      id: 'a',
      status: 'assigned',
      former_agent: 'ann',
      decision: DECISION,
      agent: '',
      is_forced: false,
      facts: '[]',
    },
    ...{ category: 'Legal', urgency: 0.5, wait_key: 2000, flags: '', decision_now: '', corrections: 'null' },
    entry: historyEntry('amend', ACTOR, null),
    ...given,
  },
];

/** What persons do with single tickets. */
export const TICKET_ACTION_CASES: CasesOf<
  'tickets/reassign' | 'tickets/amend' | 'tickets/cancel' | 'tickets/reopen' | 'tickets/note'
> = {
  'tickets/reassign': {
    'to another agent, with a ticket in line': {
      prepare: async (commands, domain) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await commands.committed('first');
        // No free slot before, or the ticket in line would have it.
        await domain.run('agents/put', { id: 'ben', profile: LEGAL_ONLY, name: 'Ben' });
        return [
          {
            ...{ id: 'a', from: 'ann', entry: historyEntry('reassign', ACTOR, null) },
            ...(await ranking(commands, '2', ['ann', 1, 'ben', 1])),
          },
        ];
      },
      tolerates: { 'ticket:first': isQuarantined('first') },
    },
  },
  'tickets/amend': {
    'of an assigned ticket, to another agent, with a ticket in line': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await commands.committed('first');
        await commands.agent('ben', 0);
        return changes({ agent: 'ben', is_forced: true });
      },
      tolerates: { 'ticket:first': isQuarantined('first') },
    },
    'of the category of an assigned ticket': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        return changes({ decision_now: OTHER_DECISION, corrections: '{"category":"Legal"}' });
      },
    },
    'of the category of a ticket in line, for which an agent is free': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('agents/put', { id: 'ann', profile: LEGAL_ONLY, name: 'Ann' });
        return changes({ status: 'waiting', former_agent: '', decision_now: OTHER_DECISION, corrections: '{}' });
      },
      // A corrupt agent gets no tickets.
      tolerates: forEachKey(['agent:ann:tickets', 'tickets:quarantined'], (reply) =>
        expect(named(reply)[0]).toBe('amended'),
      ),
    },
  },
  'tickets/cancel': {
    'of a queued ticket': {
      prepare: async (commands) => {
        await commands.accept('a', 'b');
        return cancel();
      },
    },
    'of a delayed ticket': {
      prepare: async (commands) => {
        await commands.claimed('a');
        await commands.fail('a', true);
        return cancel();
      },
    },
    'of a ticket in line': {
      prepare: async (commands) => {
        await commands.committed('a');
        return cancel();
      },
    },
    'of an assigned ticket, with a ticket in line': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await twoWaitingTickets(commands);
        return cancel();
      },
      tolerates: { 'ticket:first': isQuarantined('first') },
    },
    'of a suppressed ticket': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['b', 'a']);
        return cancel();
      },
    },
  },
  'tickets/reopen': {
    'to an agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await commands.complete('a');
        const entry = historyEntry('reopen', ACTOR, null);
        return [{ id: 'a', category: 'Billing', entry, ...(await ranking(commands, '1', ['ann', 1])) }];
      },
    },
    'into line, out of a resolved incident': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a']);
        await commands.decide('incident-1', 'resolve', true);
        await domain.run('incidents/settle-members', { id: 'incident-1', limit: 10, retention_ms: 60_000 });
        const entry = historyEntry('reopen', ACTOR, null);
        return [{ id: 'a', category: 'Billing', entry, ...(await ranking(commands, '', [])) }];
      },
    },
    'into the queue': {
      prepare: async (commands, domain) => {
        await commands.accept('a');
        await domain.run('tickets/cancel', ...cancel());
        return [
          { id: 'a', category: '', entry: historyEntry('reopen', ACTOR, null), ...(await ranking(commands, '', [])) },
        ];
      },
    },
  },
  'tickets/note': {
    'on a queued ticket': {
      prepare: async (commands) => {
        await commands.accept('a');
        return note();
      },
    },
    'on a completed ticket': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await commands.complete('a');
        return note();
      },
    },
  },
};
