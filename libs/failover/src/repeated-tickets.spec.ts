import { SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import { sentBy, withKey } from './spec-support/failover-harness';
import {
  A_ROUND_MS,
  behind,
  broker,
  clock,
  bringStoreUp,
  local,
  queuedBehind,
  replaceHarness,
  startWithStoreDown,
  startWithStoreUp,
  store,
  submit,
  useHarness,
} from './spec-support/use-harness';

useHarness();

describe('a repeated ticket', () => {
  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])('while its outcome is unknown, %s: that stays so, and it is not routed here', async (_how, ticket) => {
    await startWithStoreUp();
    store.failNext('accept', 'reply lost');
    const first = await submit(ticket);
    expect(first).toMatch(/^unknown /);
    expect([await submit(ticket), await submit(ticket)]).toEqual([first, first]);
    expect(local.finished(10)).toEqual([]);
    await bringStoreUp();
    expect(await submit(ticket)).toBe(first.replace('unknown', 'queued repeated'));
    expect(await queuedBehind()).toBe(1);
  });

  it('after its command was lost, it is new, under the id of the reply', async () => {
    await startWithStoreUp();
    store.failNext('accept', 'command lost');
    const first = await submit(withKey('k'));
    await bringStoreUp();
    expect(await submit(withKey('k'))).toBe(first.replace('unknown', 'queued accepted'));
  });

  it('under the id of the reply to a client without id and key, it is the same ticket', async () => {
    await startWithStoreUp();
    store.failNext('accept', 'reply lost');
    const lost = await broker.submit({ input: { text: 'anonymous' } });
    const id = lost.how === 'unknown' ? lost.ticket_id : '';
    expect(await submit(anOffer(id, 'anonymous'))).toBe(`unknown ${id}`);
    await bringStoreUp();
    expect(await submit(anOffer(id, 'anonymous'))).toBe(`queued repeated ${id}`);
  });

  it('a repeat whose reply is lost returns the first id of its key', async () => {
    await startWithStoreUp();
    const [, , id] = (await submit(withKey('k'))).split(' ');
    store.failNext('accept', 'reply lost');
    expect(await submit(withKey('k'))).toBe(`unknown ${id}`);
  });

  it('a repeat by the same requester: once at the shared broker, once when that is away', async () => {
    await startWithStoreUp();
    const [, , id] = (await submit(sentBy('mara'))).split(' ');
    store.goDown();
    expect(await submit(sentBy('Mara', 'text of mara'))).toBe(`unknown ${id}`);
    expect(local.finished(10)).toEqual([]);
    await bringStoreUp();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    expect(await queuedBehind()).toBe(1);
  });

  it('a repeat by the same requester: once in this process, once when the shared broker is back', async () => {
    startWithStoreDown();
    const [, , id] = (await submit(sentBy('mara'))).split(' ');
    expect(await submit(sentBy('mara'))).toBe(`routed repeated ${id}`);
    store.goUp();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    await bringStoreUp();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    expect([await queuedBehind(), store.adoptedIds]).toEqual([0, [id]]);
  });

  it('after it was queued, while the shared broker is away: it is not routed here, by id, by key, or by a conflict', async () => {
    await startWithStoreUp();
    const [, , keyed] = (await submit(withKey('k'))).split(' ');
    await submit(anOffer('A'));
    await behind.queue.accept([{ id: 'theirs', input: { text: 'x', id: 'theirs' }, lane: 'normal', lane_urgency: 0 }]);
    await submit(anOffer('theirs'));
    store.goDown();
    expect(await submit(anOffer('A'))).toBe('unknown A');
    expect(await submit(withKey('k'))).toBe(`unknown ${keyed}`);
    expect(await submit(anOffer(keyed!, 'text of k'))).toBe(`unknown ${keyed}`);
    expect(await submit(anOffer('theirs'))).toBe('unknown theirs');
    expect(local.finished(10)).toEqual([]);
  });

  it('while its first offer is in flight, and the shared broker goes away meanwhile: not routed here', async () => {
    await startWithStoreUp();
    const release = store.delayReplies('accept');
    const first = submit(anOffer('A'));
    await clock.run(0);
    store.goDown();
    expect(await submit(anOffer('A'))).toBe('unknown A');
    release('are lost');
    expect(await first).toBe('unknown A');
    await bringStoreUp();
    expect([await submit(anOffer('A')), await queuedBehind()]).toEqual(['queued repeated A', 1]);
  });

  it('a refusal of its second offer does not start it again while the first one is in flight', async () => {
    await startWithStoreUp();
    const release = store.delayReplies('accept');
    const first = submit(anOffer('A'));
    await clock.run(0);
    store.failNext('accept', 'refused');
    expect(await submit(anOffer('A'))).toBe('unknown A');
    release('arrive');
    expect(await first).toBe('queued accepted A');
    expect(local.finished(10)).toEqual([]);
  });

  it('while it is being routed here, and the shared broker comes back meanwhile: not queued there', async () => {
    startWithStoreDown();
    const first = submit(anOffer('A'));
    store.goUp();
    expect(await submit(anOffer('A'))).toBe('routed repeated A');
    expect(await first).toBe('routed accepted A');
    expect(await queuedBehind()).toBe(0);
  });

  it('while it is still in prescoring here, and the shared broker comes back meanwhile: not queued there', async () => {
    let goOn: () => void = () => undefined;
    const { urgency } = SCRIPTED_MODELS.baseline;
    const slow: typeof urgency = {
      ...urgency,
      score: async (input) => {
        await new Promise<void>((resolve) => (goOn = resolve));
        return urgency.score(input);
      },
    };
    replaceHarness({ models: { baseline: { ...SCRIPTED_MODELS.baseline, urgency: slow }, transformer: null } });
    startWithStoreDown();
    const first = submit(anOffer('A'));
    await clock.run(0);
    const atTheDoor = goOn;
    store.goUp();
    const second = submit(anOffer('A'));
    await clock.run(0);
    atTheDoor();
    goOn();
    expect([await first, await second]).toEqual(['routed accepted A', 'routed repeated A']);
    expect(await queuedBehind()).toBe(0);
  });

  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])('after it was routed here, %s: the adopted ticket is returned, it is not queued', async (_how, ticket) => {
    startWithStoreDown();
    const first = await submit(ticket);
    expect(await submit(ticket)).toBe(first.replace('accepted', 'repeated'));
    // At once, before the next round of handoffs.
    store.goUp();
    expect(await submit(ticket)).toBe(first.replace('routed accepted', 'queued repeated'));
    await clock.run(A_ROUND_MS);
    expect(await submit(ticket)).toBe(first.replace('routed accepted', 'queued repeated'));
    expect([await queuedBehind(), store.adoptedIds.length]).toEqual([0, 1]);
  });

  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])(
    'after it was handed over and the shared broker went away again, %s: not routed a second time',
    async (_how, ticket) => {
      startWithStoreDown();
      const [, , id] = (await submit(ticket)).split(' ');
      await bringStoreUp();
      store.goDown();
      expect(await submit(ticket)).toBe(`unknown ${id}`);
      expect(local.finished(10)).toEqual([]);
    },
  );
});
