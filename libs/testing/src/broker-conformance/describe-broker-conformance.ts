import { describeAccepting } from './accepting';
import { describeAgents } from './agents';
import { describeAnyDay } from './any-day';
import { describeAssigning } from './assigning';
import type { BrokerFactory } from './broker-under-test';
import { describeClaiming } from './claiming';
import { describeClosing } from './closing';
import { describeFailing } from './failing';
import { describeLeases } from './leases';
import { describeLifeTable } from './life-table';
import { scenesOf } from './scene';
import { describeWaitingOrder } from './waiting-order';

/**
 * What every broker must do, as tests: call it at the top of a spec file.
 * @param name - of the implementation
 * @param factory - makes empty brokers with the given settings
 * @param randomDays - how many random days to live through; fewer where time is real
 */
export function describeBrokerConformance(name: string, factory: BrokerFactory, randomDays = 100): void {
  describe(name, () => {
    const open = scenesOf(factory);
    describeAccepting(open);
    describeClaiming(open);
    describeLeases(open);
    describeFailing(open);
    describeAssigning(open);
    describeWaitingOrder(open);
    describeAgents(open);
    describeLifeTable(open);
    describeClosing(open);
    describeAnyDay(open, randomDays);
  });
}
