import type { Claim, StormVerdict } from '@smart-support/contracts';
import { aDecision, anArrival } from '../fixtures';
import type { BrokerHarness } from './broker-harness';

/** The verdict about a ticket that is similar to no other. */
export const ALONE: StormVerdict = {
  routing: 'routed',
  incident: null,
  nearest: null,
  routed_signal: null,
  kept_out: null,
};

/** Asks the broker for its verdict about a claimed ticket. */
export const judge = (harness: BrokerHarness, claim: Claim, arrival = anArrival()) =>
  harness.broker.storms.judge(claim, arrival);

/** Commits a claimed ticket with a verdict. */
export const commit = (harness: BrokerHarness, claim: Claim, storm: StormVerdict, decision = aDecision()) =>
  harness.broker.tickets.commit(claim, { ...decision, storm });
