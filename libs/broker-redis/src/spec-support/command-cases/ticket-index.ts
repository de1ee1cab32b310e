import { list } from '../../commands/replies';
import type { RawCommands } from '../raw-commands';
import { type CasesOf, replies } from './command-case';

/** A ticket with an agent and one in line. */
async function twoTickets(commands: RawCommands): Promise<void> {
  await commands.agent('ann', 1);
  await commands.committed('a', 'ann');
  await commands.committed('b');
}

/** The index of tickets. */
export const TICKET_INDEX_CASES: CasesOf<
  'tickets/read-states' | 'tickets/read-columns' | 'tickets/read-numbered' | 'tickets/prune-index'
> = {
  'tickets/read-columns': {
    'of one block': {
      prepare: async (commands) => {
        await twoTickets(commands);
        return [{ blocks: [0], details: true, seconds: true, requester: '' }];
      },
      tolerates: { 'index:0:columns': replies([[]]) },
    },
  },
  'tickets/read-states': {
    'of two tickets': {
      prepare: async (commands) => {
        await twoTickets(commands);
        return [{ from: 'latest', step: -1, count: 2 }];
      },
      tolerates: { index: replies([0, -1]), 'index:0:columns': replies([0, 0]) },
    },
  },
  'tickets/read-numbered': {
    'of two tickets': {
      prepare: async (commands) => {
        await twoTickets(commands);
        return [{ numbers: [1, 0] }];
      },
      tolerates: {
        'index:0:ids': replies([[], []]),
        'ticket:a': (reply) => expect(list(reply)).toEqual([['b', expect.anything()], []]),
        'ticket:b': (reply) => expect(list(reply)).toEqual([[], ['a', expect.anything()]]),
      },
    },
  },
  'tickets/prune-index': {
    'with a ticket whose record has expired': {
      prepare: async (commands, domain) => {
        await twoTickets(commands);
        await commands.complete('a');
        await domain.raw('DEL', 'ticket:a');
        return [{ limit: 1000 }];
      },
      tolerates: { 'ticket:a': replies(0), 'ticket:b': replies(0) },
    },
  },
};
