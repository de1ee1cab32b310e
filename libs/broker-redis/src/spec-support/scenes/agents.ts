import { anAgentInput } from '@smart-support/testing';
import { profileField } from '../../roster/agent-facts';
import { type ScenesOf, answers, putAside, twoInLine } from './scene';

/** What happens to agents and their tickets. */
export const AGENT_SCENES: ScenesOf<
  | 'tickets/complete'
  | 'agents/list'
  | 'agents/list-open-tickets'
  | 'agents/reassign'
  | 'agents/put'
  | 'agents/remove'
  | 'agents/seed'
> = {
  'tickets/complete': {
    'with somebody in line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        await twoInLine(deeds);
        return [{ id: 'a', corrections: '{"category":"Legal"}', retention_ms: 60_000 }];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  'agents/list': {
    'of one who has a ticket': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return [{ roster_version: 'unknown' }];
      },
    },
  },
  'agents/list-open-tickets': {
    'of an agent who has two': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 2);
        await deeds.committed('a', 'ann');
        await deeds.committed('b', 'ann');
        return [{ id: 'ann' }];
      },
      copes: {
        'ticket:a': answers(['known', ['a', '', 'b', 'Billing']]),
        'ticket:b': answers(['known', ['a', 'Billing', 'b', '']]),
      },
    },
  },
  'agents/reassign': {
    'to another agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.agent('ben', 1);
        await deeds.committed('a', 'ann');
        return [
          {
            ticket: 'a',
            from: 'ann',
            roster_version: await deeds.version(),
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
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return [
          {
            ticket: 'a',
            from: 'ann',
            roster_version: await deeds.version(),
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
    'with a line to take from': {
      prepare: async (deeds) => {
        await deeds.agent('ben', 0);
        await twoInLine(deeds);
        return [{ id: 'ann', profile: profileField(anAgentInput({ capacity: 1 })), name: 'Ann' }];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  'agents/remove': {
    'who has nothing': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return [{ id: 'ann' }];
      },
    },
  },
  'agents/seed': {
    'with a line to take from': {
      prepare: async (deeds) => {
        await twoInLine(deeds);
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
      copes: { 'ticket:first': putAside('first'), 'ticket:second': putAside('second') },
    },
  },
};
