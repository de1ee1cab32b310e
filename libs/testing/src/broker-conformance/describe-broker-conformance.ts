import { describeAccepting } from './accepting';
import { describeAgents } from './agents';
import { describeAlerting } from './alerting';
import { describeRandomCommands } from './describe-random-commands';
import { describeAssigning } from './assigning';
import type { BrokerFactory } from './broker-under-test';
import { describeBursts } from './bursts';
import { describeClaiming } from './claiming';
import { describeClosing } from './closing';
import { describeDelivering } from './delivering';
import { describeFailing } from './failing';
import { describeDoubtfulMembers } from './doubtful-members';
import { describeIncidentLists } from './incident-lists';
import { describeIncidents } from './incidents';
import { describeLargeIncidents } from './large-incidents';
import { describeLeases } from './leases';
import { describeLifeTable } from './life-table';
import { describeRequesters } from './requesters';
import { harnessesOf } from './broker-harness';
import { describeSources } from './sources';
import { describeStormCommits } from './storm-commits';
import { describeStorms } from './storms';
import { describeTicketActions } from './ticket-actions';
import { describeTicketLists } from './ticket-lists';
import { describeWaitingForWork } from './waiting-for-work';
import { describeWaitingOrder } from './waiting-order';
import { describeWorkerList } from './worker-list';

/**
 * The conformance tests of a broker: call it at the top of a spec file.
 * @param name - of the implementation
 * @param factory - makes empty brokers with the given settings
 * @param randomDays - how many random command sequences to run; fewer with a real clock
 */
export function describeBrokerConformance(name: string, factory: BrokerFactory, randomDays = 100): void {
  describe(name, () => {
    const open = harnessesOf(factory);
    describeAccepting(open);
    describeSources(open);
    describeClaiming(open);
    describeWaitingForWork(open);
    describeLeases(open);
    describeFailing(open);
    describeAssigning(open);
    describeWaitingOrder(open);
    describeAgents(open);
    describeTicketLists(open);
    describeTicketActions(open);
    describeAlerting(open);
    describeDelivering(open);
    describeStorms(open);
    describeStormCommits(open);
    describeRequesters(open);
    describeIncidents(open);
    describeIncidentLists(open);
    describeDoubtfulMembers(open);
    describeLargeIncidents(open);
    describeBursts(open);
    describeWorkerList(open);
    describeLifeTable(open);
    describeClosing(open);
    describeRandomCommands(open, randomDays);
  });
}
