import { createMemoryBroker } from '@smart-support/broker';
import { type BrokerObserver, type LocalBroker, isSmartSupportError } from '@smart-support/contracts';
import { VirtualClock, SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import * as fc from 'fast-check';
import { type OfferedTicket, createPipeline } from '@smart-support/pipeline';
import type { Command, Trouble } from './spec-support/broker-with-a-switch';
import { ADA, type Scene, aScene, sentBy, withKey } from './spec-support/failover-scene';

/** How a client names its ticket, so that it can send it again. */
type Naming = 'id' | 'key' | 'requester' | 'nothing';

type Deed =
  | { readonly deed: 'send'; readonly naming: Naming }
  | { readonly deed: 'sendAgain' | 'complete'; readonly which: number }
  | { readonly deed: 'store'; readonly to: 'up' | 'down' }
  | { readonly deed: 'trouble'; readonly command: Command; readonly trouble: Trouble; readonly after: number }
  | { readonly deed: 'hold'; readonly command: Command; readonly fate: 'arrive' | 'are lost' }
  | { readonly deed: 'letGo' | 'work' }
  | { readonly deed: 'wait'; readonly ms: number };

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ deed: fc.constant('send'), naming: fc.constantFrom('id', 'key', 'requester', 'nothing') }),
  },
  { weight: 5, arbitrary: fc.record({ deed: fc.constantFrom('sendAgain', 'complete'), which: fc.nat({ max: 20 }) }) },
  { weight: 4, arbitrary: fc.record({ deed: fc.constant('store'), to: fc.constantFrom('up', 'down') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      deed: fc.constant('trouble'),
      command: fc.constantFrom('accept', 'adopt', 'other'),
      trouble: fc.constantFrom('refused', 'command lost', 'reply lost'),
      after: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('hold'),
      command: fc.constantFrom('accept', 'adopt'),
      fate: fc.constantFrom('arrive', 'are lost'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ deed: fc.constantFrom('letGo', 'work') }) },
  { weight: 3, arbitrary: fc.record({ deed: fc.constant('wait'), ms: fc.constantFrom(0, 400, 2_000) }) },
) as fc.Arbitrary<Deed>;

/**
 * A day that chance hardly makes: nobody knows whether the store has the second ticket, which is in line, and somebody who is surely here
 * completes another.
 */
const IN_TWO_HANDS: Deed[][] = [
  [
    { deed: 'send', naming: 'id' },
    { deed: 'send', naming: 'id' },
  ],
  [{ deed: 'trouble', command: 'adopt', trouble: 'reply lost', after: 1 }],
  [{ deed: 'store', to: 'up' }],
  [{ deed: 'send', naming: 'id' }],
  [{ deed: 'complete', which: 2 }],
];

/** Another: a ticket comes again at the moment at which it is known to have been handed over. */
const GONE_MEANWHILE: Deed[][] = [
  [
    { deed: 'send', naming: 'id' },
    { deed: 'store', to: 'up' },
    { deed: 'hold', command: 'adopt', fate: 'arrive' },
  ],
  [{ deed: 'sendAgain', which: 0 }],
  [
    { deed: 'store', to: 'down' },
    { deed: 'send', naming: 'id' },
  ],
  [{ deed: 'letGo' }, { deed: 'sendAgain', which: 0 }, { deed: 'store', to: 'up' }],
];

/** One ticket as its client sees it. */
interface Sent {
  readonly offered: OfferedTicket;
  /** Every id that the client was told. */
  readonly ids: Set<string>;
  /** What the client may believe of its completion. */
  isDone: 'no' | 'perhaps' | 'yes';
  isKnown: boolean;
}

/** Longer than any day: what a requester says twice is one ticket all the time. */
const DUPLICATE_MS = 1_000_000_000;

/** Few slots, so that tickets wait, and get one when others are completed. */
const SLOTS = 1;

/** A process, a store and its workers through one day, and a ledger of what clients were told. */
class Day {
  readonly clock = new VirtualClock();
  /** What happened in this process to tickets that the store had by then, whether this process knew it or not. */
  readonly inTwoHands: string[] = [];
  readonly local = this.aBroker(({ id, status }) => {
    if (this.scene.store.adoptedIds.includes(id)) this.inTwoHands.push(`${id} ${status}`);
  });
  readonly behind = this.aBroker();
  readonly scene: Scene = aScene({
    clock: this.clock,
    local: this.local,
    behind: this.behind,
    duplicateMs: DUPLICATE_MS,
  });
  readonly sent: Sent[] = [];
  /** For each ticket's text, how often a decision about it was written, in whichever broker. */
  readonly commits = new Map<string, number>();
  private readonly worker = createPipeline({
    broker: this.behind,
    clock: this.clock,
    models: SCRIPTED_MODELS,
    alertThreshold: 0.8,
  });
  private readonly asked = new Set<Sent>();
  private readonly held: (() => void)[] = [];
  private readonly underWay: Promise<unknown>[] = [];

  async begin(): Promise<void> {
    for (const { agents } of [this.local, this.behind]) await agents.put('ada', { ...ADA, capacity: SLOTS });
    this.scene.service.start();
  }

  /** Begins to do something, without waiting for its end. */
  begins(deed: Deed): void {
    const { store } = this.scene;
    switch (deed.deed) {
      case 'send':
        return this.send(this.newTicket(deed.naming));
      case 'sendAgain':
        return this.withOne(deed.which, (sent) => this.send(sent));
      case 'complete':
        return this.withOne(deed.which, (sent) => this.complete(sent));
      case 'store':
        return deed.to === 'up' ? store.comeBack() : store.goAway();
      case 'trouble':
        return store.next(deed.command, deed.trouble, deed.after);
      case 'hold': {
        const letGo = store.holdReplies(deed.command);
        this.held.push(() => letGo(deed.fate));
        return;
      }
      case 'letGo':
        return this.held.shift()?.();
      case 'work':
        this.underWay.push(this.work());
        return;
      case 'wait':
        // What that sets going goes on after the round.
        this.clock.advance(deed.ms);
    }
  }

  /** The store comes back for good, clients send again what they do not know the fate of, and everything is worked off. */
  async end(): Promise<void> {
    const { store, service: broker } = this.scene;
    store.calmDown();
    for (let round = 0; round < 5; round += 1) {
      for (const letGo of this.held.splice(0)) letGo();
      store.comeBack();
      for (const sent of this.sent) if (!sent.isKnown) this.send(sent);
      await this.clock.run(2_000);
      await this.work();
      await Promise.all(this.underWay.splice(0));
    }
    expect([broker.mode, this.sent.filter(({ isKnown }) => !isKnown)]).toEqual(['async', []]);
  }

  async stop(): Promise<void> {
    await this.scene.service.stop();
  }

  private aBroker(status: BrokerObserver['status'] = () => undefined): LocalBroker {
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

  private withOne(which: number, deed: (sent: Sent) => void): void {
    const sent = this.sent[which % Math.max(1, this.sent.length)];
    if (sent) deed(sent);
  }

  private send(sent: Sent): void {
    const { offered, ids } = sent;
    const [told] = ids;
    const { id, requester } = offered.input;
    const isNameless = id === undefined && requester === undefined && offered.idempotencyKey === undefined;
    // Somebody who gave no name can send it again only by the id that came back; before that, it would be another ticket.
    if (isNameless && told === undefined && this.asked.has(sent)) return;
    this.asked.add(sent);
    const again = isNameless && told !== undefined ? anOffer(told, offered.input.text) : offered;
    const answer = this.scene.service.submit(again).then((submission) => {
      if (submission.how === 'unknown') {
        ids.add(submission.ticket_id);
        return;
      }
      const { result } = submission;
      if (!('record' in result)) throw new Error(`refused: ${result.outcome}`);
      ids.add(result.record.ticket.id);
      sent.isKnown = true;
    });
    this.underWay.push(answer);
  }

  private complete(sent: Sent): void {
    const [id] = sent.ids;
    if (id === undefined) return;
    const completion = this.scene.service.complete(id, {}).then(
      () => void (sent.isDone = 'yes'),
      (error: unknown) => {
        // Any other refusal says that nothing was changed.
        if (isSmartSupportError(error, 'outcome_unknown') && sent.isDone === 'no') sent.isDone = 'perhaps';
      },
    );
    this.underWay.push(completion);
  }

  private async work(): Promise<void> {
    for (const claim of await this.behind.queue.claim(100)) await this.worker.processClaim(claim);
  }
}

describe('whatever happens in a day', () => {
  it('every ticket is decided once, is in one place in the end, and nothing that a client was told gets lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(deeds, { minLength: 1, maxLength: 4 }), { maxLength: 25 }), async (rounds) => {
        const day = new Day();
        await day.begin();
        for (const round of rounds) {
          for (const deed of round) day.begins(deed);
          // Promises go on between rounds, not within one: what stands in one round happens at the same moment.
          await day.clock.run(0);
        }
        await day.end();

        expect(day.local.finished(1)).toEqual([]);
        expect(day.inTwoHands).toEqual([]);
        expect([...day.commits].filter(([, count]) => count !== 1)).toEqual([]);
        for (const { offered, ids, isDone } of day.sent) {
          expect(ids.size).toBe(1);
          const [id] = ids;
          const record = await day.scene.store.tickets.get(id!);
          expect(record?.ticket.text).toBe(offered.input.text);
          expect(await day.local.tickets.get(id!)).toBeUndefined();
          const open = ['waiting', 'assigned'];
          expect({ no: open, perhaps: [...open, 'completed'], yes: ['completed'] }[isDone]).toContain(
            record?.ticket.status,
          );
          expect(day.commits.get(offered.input.text)).toBe(1);
        }
        const theirs = await Promise.all(day.scene.store.adoptedIds.map((id) => day.behind.tickets.get(id)));
        expect(theirs.filter((record) => record !== undefined)).toEqual([]);
        await day.stop();
        expect(day.clock.waiting).toBe(0);
      }),
      { numRuns: 300, examples: [[IN_TWO_HANDS], [GONE_MEANWHILE]] },
    );
  });
});
