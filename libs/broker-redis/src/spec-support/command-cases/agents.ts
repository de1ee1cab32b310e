import { anAgentInput } from '@smart-support/testing';
import { profileField } from '../../roster/agent-facts';
import { type CasesOf, replies, isQuarantined, twoWaitingTickets } from './command-case';

/** Agents and their tickets. */
export const AGENT_CASES: CasesOf<
  | 'tickets/complete'
  | 'agents/list'
  | 'agents/list-open-tickets'
  | 'agents/reassign'
  | 'agents/put'
  | 'agents/remove'
  | 'agents/seed'
> = {
  'tickets/complete': {
    'with a ticket in line': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await twoWaitingTickets(commands);
        return [{ id: 'a', corrections: '{"category":"Legal"}', retention_ms: 60_000 }];
      },
      tolerates: { 'ticket:first': isQuarantined('first') },
    },
  },
  'agents/list': {
    'of an agent with a ticket': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        return [{ roster_version: 'unknown' }];
      },
    },
  },
  'agents/list-open-tickets': {
    'of an agent with two': {
      prepare: async (commands) => {
        await commands.agent('ann', 2);
        await commands.committed('a', 'ann');
        await commands.committed('b', 'ann');
        return [{ id: 'ann' }];
      },
      tolerates: {
        'ticket:a': replies(['known', ['a', '', 'b', 'Billing']]),
        'ticket:b': replies(['known', ['a', 'Billing', 'b', '']]),
      },
    },
  },
  'agents/reassign': {
    'to another agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.agent('ben', 1);
        await commands.committed('a', 'ann');
        return [
          {
            ticket: 'a',
            from: 'ann',
            roster_version: await commands.version(),
            category: 'Billing',
            facts: '[]',
            candidates: '2',
            busy: '',
            agents: [2, 'ann', 1, 'ben', 1],
          },
        ];
      },
    },
    'into line': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        return [
          {
            ticket: 'a',
            from: 'ann',
            roster_version: await commands.version(),
            category: 'Billing',
            facts: '[]',
            candidates: '',
            busy: '',
            agents: [1, 'ann', 1],
          },
        ];
      },
    },
  },
  'agents/put': {
    'with waiting tickets': {
      prepare: async (commands) => {
        await commands.agent('ben', 0);
        await twoWaitingTickets(commands);
        return [{ id: 'ann', profile: profileField(anAgentInput({ capacity: 1 })), name: 'Ann' }];
      },
      tolerates: { 'ticket:first': isQuarantined('first') },
    },
  },
  'agents/remove': {
    'without tickets': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        return [{ id: 'ann' }];
      },
    },
  },
  'agents/seed': {
    'with waiting tickets': {
      prepare: async (commands) => {
        await twoWaitingTickets(commands);
        const profile = profileField(anAgentInput({ capacity: 1 }));
        return [
          {
            agents: [
              ['ann', profile, 'Ann'],
              ['ben', profile, 'Ben'],
            ],
          },
        ];
      },
      tolerates: { 'ticket:first': isQuarantined('first'), 'ticket:second': isQuarantined('second') },
    },
  },
};
