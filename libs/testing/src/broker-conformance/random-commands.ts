import type { AgentInput, Category, Lane } from '@smart-support/contracts';
import { CATEGORIES, LANES } from '@smart-support/contracts';
import * as fc from 'fast-check';

/** One command of a random sequence. `pick` chooses among what exists at that moment. */
export type RandomCommand =
  | { readonly do: 'accept'; readonly lane: Lane; readonly count: number }
  | { readonly do: 'repeat'; readonly pick: number; readonly otherText: boolean }
  | { readonly do: 'claim'; readonly limit: number }
  | { readonly do: 'commit'; readonly pick: number; readonly category: Category; readonly urgency: number }
  | {
      /** Judges, and commits accordingly or leaves that for later. */
      readonly do: 'judge';
      readonly pick: number;
      readonly topic: number;
      readonly severe_signal: string | null;
      readonly degrees: number;
      readonly category: Category;
      readonly urgency: number;
      readonly commit: boolean;
    }
  | { readonly do: 'resolve' | 'reject' | 'unlink' | 'openByHand'; readonly pick: number }
  | { readonly do: 'reassign' | 'cancel' | 'reopen' | 'note'; readonly pick: number }
  | {
      readonly do: 'amend';
      readonly pick: number;
      readonly agent?: string;
      readonly force?: boolean;
      readonly category?: Category;
      readonly urgency?: number;
    }
  | { readonly do: 'fail'; readonly pick: number; readonly retryable: boolean }
  | { readonly do: 'requeue' | 'complete' | 'retryDead' | 'removeDead' | 'claimById'; readonly pick: number }
  | { readonly do: 'deliver'; readonly limit: number; readonly pick: number; readonly acknowledge: boolean }
  | { readonly do: 'heartbeat' | 'sweep' | 'pause' | 'expire' }
  | { readonly do: 'putAgent'; readonly id: string; readonly agent: AgentInput }
  | { readonly do: 'removeAgent'; readonly id: string };

const pick = fc.nat({ max: 1000 });
const agentId = fc.constantFrom('ann', 'ben', 'constructor');
const skill = fc.constantFrom(0, 0.3, 0.3, 0.9);

const agent: fc.Arbitrary<AgentInput> = fc.record({
  name: fc.constant('An agent'),
  skills: fc.record({ Billing: skill, Technical: skill, Legal: skill }, { requiredKeys: [] }),
  capacity: fc.nat({ max: 3 }),
  status: fc.constantFrom('available', 'available', 'away'),
});

const step: fc.Arbitrary<RandomCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      lane: fc.constantFrom(...LANES),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), pick, otherText: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.nat({ max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      pick,
      category: fc.constantFrom(...CATEGORIES),
      urgency: fc.constantFrom(0, 0.25, 0.5, 1),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('judge' as const),
      pick,
      topic: fc.constantFrom(0, 0, 1),
      severe_signal: fc.constantFrom(null, null, null, 'harm_danger'),
      degrees: fc.constantFrom(0, 0, 0, 24),
      category: fc.constantFrom('Billing', 'Billing', 'Legal'),
      urgency: fc.constantFrom(0.25, 1),
      commit: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('resolve', 'reject', 'unlink', 'openByHand'), pick }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('reassign', 'cancel', 'reopen', 'reopen', 'note'), pick }) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        do: fc.constant('amend' as const),
        pick,
        agent: agentId,
        force: fc.boolean(),
        category: fc.constantFrom(...CATEGORIES),
        urgency: fc.constantFrom(0, 0.5, 1),
      },
      { requiredKeys: ['do', 'pick'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), pick, retryable: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('requeue', 'complete', 'complete', 'retryDead', 'removeDead', 'claimById'),
      pick,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('heartbeat', 'sweep', 'pause', 'expire') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      limit: fc.nat({ max: 3 }),
      pick,
      acknowledge: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('putAgent' as const), id: agentId, agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeAgent' as const), id: agentId }) },
);

/** Any number of commands in any order. */
export const randomCommands: fc.Arbitrary<RandomCommand[]> = fc.array(step, { maxLength: 60, size: 'max' });
