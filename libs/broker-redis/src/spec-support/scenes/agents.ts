import { anAgentInput } from '@smart-support/testing';
import { profileField } from '../../roster/agent-facts';
import { type ScenesOf, answers, putAside, twoInLine } from './scene';

/** What happens to agents and their tickets. */
export const AGENT_SCENES: ScenesOf<
  'complete' | 'list-agents' | 'list-open-tickets' | 'pass-on' | 'put-agent' | 'remove-agent' | 'seed-agents'
> = {
  complete: {
    'with somebody in line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        await twoInLine(deeds);
        return ['a', '{"category":"Legal"}', 60_000];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  'list-agents': {
    'of one who has a ticket': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return ['unknown'];
      },
    },
  },
  'list-open-tickets': {
    'of an agent who has two': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 2);
        await deeds.committed('a', 'ann');
        await deeds.committed('b', 'ann');
        return ['ann'];
      },
      copes: {
        'ticket:a': answers(['known', ['a', '', 'b', 'Billing']]),
        'ticket:b': answers(['known', ['a', 'Billing', 'b', '']]),
      },
    },
  },
  'pass-on': {
    'to another agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.agent('ben', 1);
        await deeds.committed('a', 'ann');
        return ['a', 'ann', await deeds.version(), 'Billing', '[]', '2', '', 2, 'ann', 1, 'ben', 1];
      },
    },
    'into line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return ['a', 'ann', await deeds.version(), 'Billing', '[]', '', '', 1, 'ann', 1];
      },
    },
  },
  'put-agent': {
    'with a line to take from': {
      prepare: async (deeds) => {
        await deeds.agent('ben', 0);
        await twoInLine(deeds);
        return ['ann', profileField(anAgentInput({ capacity: 1 })), 'Ann'];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  'remove-agent': {
    'who has nothing': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return ['ann'];
      },
    },
  },
  'seed-agents': {
    'with a line to take from': {
      prepare: async (deeds) => {
        await twoInLine(deeds);
        const profile = profileField(anAgentInput({ capacity: 1 }));
        return ['ann', profile, 'Ann', 'ben', profile, 'Ben'];
      },
      copes: { 'ticket:first': putAside('first'), 'ticket:second': putAside('second') },
    },
  },
};
