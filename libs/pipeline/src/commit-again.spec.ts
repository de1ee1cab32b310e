import { createMemoryBroker } from '@smart-support/broker';
import {
  type Broker,
  type Claim,
  type ErrorCode,
  SmartSupportError,
  type TicketRecord,
} from '@smart-support/contracts';
import { anAgentInput, VirtualClock, SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import { createPipeline } from './pipeline';

/** The pauses before a commit is sent again, and what they come to. */
const PAUSES_MS = [100, 200, 400, 800, 1_600, 3_200, 6_400];
const ALL_PAUSES_MS = PAUSES_MS.reduce((sum, pause) => sum + pause, 0);

/** How a call ends: it is done, it is refused, or it is done and the reply is lost. */
type Fate = 'done' | 'refused' | 'reply lost';

async function aWorker() {
  const clock = new VirtualClock();
  const inner = createMemoryBroker({ leaseMs: 60_000, maxAttempts: 1 }, { clock });
  await inner.agents.put('ada', anAgentInput({ capacity: 100 }));
  /** What comes of the calls that are still to come; once used up, all of them are done. */
  const fates = { commit: [] as Fate[], release: [] as Fate[], fail: [] as Fate[] };
  const commitsAt: number[] = [];
  const failures: string[] = [];
  const alerts: string[] = [];
  const asFated = async <Reply>(fate: Fate = 'done', call: () => Promise<Reply>): Promise<Reply> => {
    if (fate === 'refused') throw new SmartSupportError('unavailable', 'away');
    const reply = await call();
    if (fate === 'reply lost') throw new SmartSupportError('outcome_unknown', 'no reply');
    return reply;
  };
  const broker: Broker = {
    ...inner,
    queue: {
      ...inner.queue,
      requeue: (claim) => asFated(fates.release.shift(), () => inner.queue.requeue(claim)),
      fail: (claim, error) => asFated(fates.fail.shift(), () => inner.queue.fail(claim, error)),
    },
    tickets: {
      ...inner.tickets,
      commit: (claim, decision) => {
        commitsAt.push(clock.monotonic());
        return asFated(fates.commit.shift(), () => inner.tickets.commit(claim, decision));
      },
    },
  };
  const pipeline = createPipeline({
    broker,
    clock,
    models: SCRIPTED_MODELS,
    // Every ticket is worth an alert.
    alertThreshold: 0.1,
    observer: {
      stage: () => undefined,
      fallback: () => undefined,
      alert: ({ ticket }) => void alerts.push(ticket.id),
      stormExclusion: () => undefined,
      failed: (id, _error, outcome) => void failures.push(`${id} ${outcome}`),
    },
  });
  const claimed = async (id: string, text?: string): Promise<Claim> => {
    await pipeline.accept([anOffer(id, text)]);
    return (await inner.queue.claimById(id))!;
  };
  /** Works on a ticket until all pauses are over. */
  const worksOn = async (claim: Claim): Promise<TicketRecord | undefined> => {
    const record = pipeline.processClaim(claim);
    await clock.run(2 * ALL_PAUSES_MS);
    return record;
  };
  const status = async (id: string) => (await inner.tickets.get(id))?.ticket.status;
  return { inner, clock, fates, commitsAt, failures, alerts, claimed, worksOn, status };
}

describe('a commit while the broker is away', () => {
  it('is sent again after a pause, until it arrives', async () => {
    const { fates, commitsAt, failures, alerts, claimed, worksOn } = await aWorker();
    fates.commit.push('refused', 'refused', 'refused');
    const record = await worksOn(await claimed('A'));
    expect(record?.ticket).toMatchObject({ status: 'assigned', assigned_agent: 'ada', attempts: 1 });
    expect(commitsAt).toEqual([0, 100, 300, 700]);
    expect([failures, alerts]).toEqual([[], ['A']]);
  });

  it('that was carried out although its reply was lost, counts once', async () => {
    const { inner, fates, alerts, claimed, worksOn } = await aWorker();
    fates.commit.push('reply lost', 'refused', 'reply lost');
    expect((await worksOn(await claimed('A')))?.ticket.status).toBe('assigned');
    expect((await inner.agents.list()).map(({ load }) => load)).toEqual([1]);
    expect(alerts).toEqual(['A']);
    expect(await inner.outbox.claim(10, 1_000)).toHaveLength(1);
  });

  it('is given up after the last pause: the ticket goes back untouched, which is not a failure of the ticket', async () => {
    const { inner, fates, commitsAt, failures, alerts, claimed, worksOn, status } = await aWorker();
    fates.commit.push(...PAUSES_MS.map((): Fate => 'refused'), 'refused');
    expect(await worksOn(await claimed('A'))).toBeUndefined();
    expect(commitsAt.map((at, index) => at - (commitsAt[index - 1] ?? 0))).toEqual([0, ...PAUSES_MS]);
    expect([await status('A'), failures, alerts]).toEqual(['queued', [], []]);
    const [again] = await inner.queue.claim(1);
    expect((await worksOn(again!))?.ticket).toMatchObject({ id: 'A', status: 'assigned', attempts: 1 });
  });

  it('is given up in peace also when even the handing back does not arrive', async () => {
    const { inner, clock, fates, failures, claimed, worksOn, status } = await aWorker();
    fates.commit.push(...PAUSES_MS.map((): Fate => 'refused'), 'refused');
    fates.release.push('refused');
    expect(await worksOn(await claimed('A'))).toBeUndefined();
    expect([await status('A'), failures]).toEqual(['processing', []]);
    clock.advance(60_000);
    await inner.queue.sweep();
    expect(await status('A')).toBe('queued');
  });

  it('is not handed back when it was carried out after all', async () => {
    const { fates, failures, claimed, worksOn, status } = await aWorker();
    fates.commit.push('reply lost', ...PAUSES_MS.map((): Fate => 'refused'));
    expect(await worksOn(await claimed('A'))).toBeUndefined();
    expect([await status('A'), failures]).toEqual(['assigned', []]);
  });

  it('ends with the lease: a ticket that another worker has claimed by then is left alone', async () => {
    const { inner, clock, fates, failures, claimed, worksOn, status } = await aWorker();
    const claim = await claimed('A');
    clock.advance(60_001);
    await inner.queue.sweep();
    const [theirs] = await inner.queue.claim(1);
    fates.commit.push('refused');
    expect(await worksOn(claim)).toBeUndefined();
    expect([await status('A'), failures]).toEqual(['processing', []]);
    expect((await worksOn(theirs!))?.ticket.status).toBe('assigned');
  });
});

describe('a commit that fails for another reason', () => {
  it.each<ErrorCode>(['corrupt', 'invalid_input', 'internal'])('is not sent again: %s', async (code) => {
    const { inner, clock, claimed } = await aWorker();
    const commit = jest.fn(() => Promise.reject(new SmartSupportError(code, 'no')));
    const broker: Broker = { ...inner, tickets: { ...inner.tickets, commit } };
    const pipeline = createPipeline({ broker, clock, models: SCRIPTED_MODELS, alertThreshold: 0.8 });
    expect((await pipeline.processClaim(await claimed('A')))?.ticket.status).toBe('dead');
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('and cannot even be reported because the broker goes away: no outcome is reported', async () => {
    const { fates, failures, claimed, worksOn, status } = await aWorker();
    fates.fail.push('refused');
    expect(await worksOn(await claimed('A', 'poison'))).toBeUndefined();
    expect([await status('A'), failures]).toEqual(['processing', []]);
  });
});
