import { createMemoryBroker } from '@smart-support/broker';
import { type BrokerObserver, type LocalBroker, isSmartSupportError } from '@smart-support/contracts';
import { VirtualClock, SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import * as fc from 'fast-check';
import { type OfferedTicket, createPipeline } from '@smart-support/pipeline';
import type { Command, Fault } from './spec-support/faulty-broker';
import { ADA, type FailoverHarness, createHarness, sentBy, withKey } from './spec-support/failover-harness';

/** How a client names its ticket for a repeat. */
type Naming = 'id' | 'key' | 'requester' | 'nothing';

type Action =
  | { readonly kind: 'send'; readonly naming: Naming }
  | { readonly kind: 'sendAgain' | 'complete'; readonly which: number }
  | { readonly kind: 'store'; readonly to: 'up' | 'down' }
  | { readonly kind: 'fault'; readonly command: Command; readonly fault: Fault; readonly after: number }
  | { readonly kind: 'delay'; readonly command: Command; readonly outcome: 'arrive' | 'are lost' }
  | { readonly kind: 'release' | 'work' }
  | { readonly kind: 'wait'; readonly ms: number };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('send'), naming: fc.constantFrom('id', 'key', 'requester', 'nothing') }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('sendAgain', 'complete'), which: fc.nat({ max: 20 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('store'), to: fc.constantFrom('up', 'down') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fault'),
      command: fc.constantFrom('accept', 'adopt', 'other'),
      fault: fc.constantFrom('refused', 'command lost', 'reply lost'),
      after: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delay'),
      command: fc.constantFrom('accept', 'adopt'),
      outcome: fc.constantFrom('arrive', 'are lost'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('release', 'work') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(0, 400, 2_000) }) },
) as fc.Arbitrary<Action>;

/**
 * A sequence that random generation hardly produces: the outcome of the second ticket, which is in line, is unknown, and another one, which is
 * certainly in this process, is completed.
 */
const AT_BOTH_BROKERS: Action[][] = [
  [
    { kind: 'send', naming: 'id' },
    { kind: 'send', naming: 'id' },
  ],
  [{ kind: 'fault', command: 'adopt', fault: 'reply lost', after: 1 }],
  [{ kind: 'store', to: 'up' }],
  [{ kind: 'send', naming: 'id' }],
  [{ kind: 'complete', which: 2 }],
];

/** Another one: a ticket is repeated at the moment at which its handoff is confirmed. */
const HANDED_OVER_MEANWHILE: Action[][] = [
  [
    { kind: 'send', naming: 'id' },
    { kind: 'store', to: 'up' },
    { kind: 'delay', command: 'adopt', outcome: 'arrive' },
  ],
  [{ kind: 'sendAgain', which: 0 }],
  [
    { kind: 'store', to: 'down' },
    { kind: 'send', naming: 'id' },
  ],
  [{ kind: 'release' }, { kind: 'sendAgain', which: 0 }, { kind: 'store', to: 'up' }],
];

/** A ticket as its client sees it. */
interface Sent {
  readonly offered: OfferedTicket;
  /** Every id that a reply contained. */
  readonly ids: Set<string>;
  /** Whether the client may assume that the ticket is completed. */
  isDone: 'no' | 'perhaps' | 'yes';
  isKnown: boolean;
}

/** Longer than any sequence, so that a repeat by the same requester is always a duplicate. */
const DUPLICATE_MS = 1_000_000_000;

/** Few slots, so that tickets wait and get one when others are completed. */
const SLOTS = 1;

/** A process, a store and its workers, with a ledger of the replies to clients. */
class RandomRun {
  readonly clock = new VirtualClock();
  /** Status changes in this process of tickets that the store had by then, whether this process knew that or not. */
  readonly changedAtBoth: string[] = [];
  readonly local = this.createBroker(({ id, status }) => {
    if (this.harness.store.adoptedIds.includes(id)) this.changedAtBoth.push(`${id} ${status}`);
  });
  readonly behind = this.createBroker();
  readonly harness: FailoverHarness = createHarness({
    clock: this.clock,
    local: this.local,
    behind: this.behind,
    duplicateMs: DUPLICATE_MS,
  });
  readonly sent: Sent[] = [];
  /** Number of written decisions by the ticket's text, in both brokers. */
  readonly commits = new Map<string, number>();
  private readonly worker = createPipeline({
    broker: this.behind,
    clock: this.clock,
    models: SCRIPTED_MODELS,
    alertThreshold: 0.8,
  });
  private readonly asked = new Set<Sent>();
  private readonly delayed: (() => void)[] = [];
  private readonly inFlight: Promise<unknown>[] = [];

  async begin(): Promise<void> {
    for (const { agents } of [this.local, this.behind]) await agents.put('ada', { ...ADA, capacity: SLOTS });
    this.harness.service.start();
  }

  /** Starts an action without waiting for its end. */
  start(action: Action): void {
    const { store } = this.harness;
    switch (action.kind) {
      case 'send':
        return this.send(this.newTicket(action.naming));
      case 'sendAgain':
        return this.withOne(action.which, (sent) => this.send(sent));
      case 'complete':
        return this.withOne(action.which, (sent) => this.complete(sent));
      case 'store':
        return action.to === 'up' ? store.goUp() : store.goDown();
      case 'fault':
        return store.failNext(action.command, action.fault, action.after);
      case 'delay': {
        const release = store.delayReplies(action.command);
        this.delayed.push(() => release(action.outcome));
        return;
      }
      case 'release':
        return this.delayed.shift()?.();
      case 'work':
        this.inFlight.push(this.work());
        return;
      case 'wait':
        // The effects continue after the round.
        this.clock.advance(action.ms);
    }
  }

  /** The store stays up, clients repeat tickets with an unknown outcome, and all tickets are processed. */
  async end(): Promise<void> {
    const { store, service: broker } = this.harness;
    store.clearFaults();
    for (let round = 0; round < 5; round += 1) {
      for (const release of this.delayed.splice(0)) release();
      store.goUp();
      for (const sent of this.sent) if (!sent.isKnown) this.send(sent);
      await this.clock.run(2_000);
      await this.work();
      await Promise.all(this.inFlight.splice(0));
    }
    expect([broker.mode, this.sent.filter(({ isKnown }) => !isKnown)]).toEqual(['async', []]);
  }

  async stop(): Promise<void> {
    await this.harness.service.stop();
  }

  private createBroker(status: BrokerObserver['status'] = () => undefined): LocalBroker {
    const observer: BrokerObserver = { status, deadLetterLost: () => undefined };
    const broker = createMemoryBroker({ duplicateMs: DUPLICATE_MS }, { clock: this.clock, observer });
    const { commit } = broker.tickets;
    return {
      ...broker,
      tickets: {
        ...broker.tickets,
        commit: (claim, decision) => {
          const { text } = claim.record.ticket;
          this.commits.set(text, (this.commits.get(text) ?? 0) + 1);
          return commit(claim, decision);
        },
      },
    };
  }

  private newTicket(naming: Naming): Sent {
    const name = `T${this.sent.length}`;
    const offered = {
      id: anOffer(name),
      key: withKey(name),
      requester: sentBy('Ada', `text of ${name}`),
      nothing: { input: { text: `text of ${name}` } },
    }[naming];
    const sent: Sent = { offered, ids: new Set(), isDone: 'no', isKnown: false };
    this.sent.push(sent);
    return sent;
  }

  private withOne(which: number, act: (sent: Sent) => void): void {
    const sent = this.sent[which % Math.max(1, this.sent.length)];
    if (sent) act(sent);
  }

  private send(sent: Sent): void {
    const { offered, ids } = sent;
    const [replied] = ids;
    const { id, requester } = offered.input;
    const isNameless = id === undefined && requester === undefined && offered.idempotencyKey === undefined;
    // A client without a name can repeat the ticket only by the id of a reply; before that, it would be another ticket.
    if (isNameless && replied === undefined && this.asked.has(sent)) return;
    this.asked.add(sent);
    const again = isNameless && replied !== undefined ? anOffer(replied, offered.input.text) : offered;
    const answer = this.harness.service.submit(again).then((submission) => {
      if (submission.how === 'unknown') {
        ids.add(submission.ticket_id);
        return;
      }
      const { result } = submission;
      if (!('record' in result)) throw new Error(`refused: ${result.outcome}`);
      ids.add(result.record.ticket.id);
      sent.isKnown = true;
    });
    this.inFlight.push(answer);
  }

  private complete(sent: Sent): void {
    const [id] = sent.ids;
    if (id === undefined) return;
    const completion = this.harness.service.tickets.complete(id, {}).then(
      () => void (sent.isDone = 'yes'),
      (error: unknown) => {
        // Any other error means that nothing was changed.
        if (isSmartSupportError(error, 'outcome_unknown') && sent.isDone === 'no') sent.isDone = 'perhaps';
      },
    );
    this.inFlight.push(completion);
  }

  private async work(): Promise<void> {
    for (const claim of await this.behind.queue.claim(100)) await this.worker.processClaim(claim);
  }
}

describe('in any sequence of events', () => {
  it('every ticket is decided once, is in one place in the end, and no reply to a client is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(actions, { minLength: 1, maxLength: 4 }), { maxLength: 25 }),
        async (rounds) => {
          const run = new RandomRun();
          await run.begin();
          for (const round of rounds) {
            for (const action of round) run.start(action);
            // Promises continue between rounds, not within one: all actions of a round happen at the same moment.
            await run.clock.run(0);
          }
          await run.end();

          expect(run.local.finished(1)).toEqual([]);
          expect(run.changedAtBoth).toEqual([]);
          expect([...run.commits].filter(([, count]) => count !== 1)).toEqual([]);
          for (const { offered, ids, isDone } of run.sent) {
            expect(ids.size).toBe(1);
            const [id] = ids;
            const record = await run.harness.store.tickets.get(id!);
            expect(record?.ticket.text).toBe(offered.input.text);
            expect(await run.local.tickets.get(id!)).toBeUndefined();
            const open = ['waiting', 'assigned'];
            expect({ no: open, perhaps: [...open, 'completed'], yes: ['completed'] }[isDone]).toContain(
              record?.ticket.status,
            );
            expect(run.commits.get(offered.input.text)).toBe(1);
          }
          const theirs = await Promise.all(run.harness.store.adoptedIds.map((id) => run.behind.tickets.get(id)));
          expect(theirs.filter((record) => record !== undefined)).toEqual([]);
          await run.stop();
          expect(run.clock.waiting).toBe(0);
        },
      ),
      { numRuns: 300, examples: [[AT_BOTH_BROKERS], [HANDED_OVER_MEANWHILE]] },
    );
  });
});
