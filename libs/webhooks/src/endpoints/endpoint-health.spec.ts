import * as fc from 'fast-check';
import { type EndpointHealth, healthAfterTry, webhookDisabledEvent } from './endpoint-health';

const HOUR = 60 * 60 * 1000;
const LIMIT = 72 * HOUR;
type Outcome = Parameters<typeof healthAfterTry>[1];
type Try = readonly [Outcome, number];

const after = (tries: readonly Try[], limit = LIMIT): EndpointHealth =>
  tries.reduce((health, [outcome, at]) => healthAfterTry(health, outcome, at, limit), {});

describe('an endpoint', () => {
  it('is switched off by the first failure that comes so long after another without a success between', () => {
    const tries: Try[] = [
      ['failed', HOUR],
      ['failed', HOUR + LIMIT - 1],
    ];
    expect(after(tries)).toEqual({ failingSince: HOUR });
    expect(after([...tries, ['failed', HOUR + LIMIT]])).toEqual({ failingSince: HOUR, disabled: 'failing' });
  });

  it('begins anew with every success', () => {
    expect(
      after([
        ['failed', 0],
        ['delivered', 2 * HOUR],
        ['failed', 3 * HOUR],
        ['failed', LIMIT + 2 * HOUR],
      ]),
    ).toEqual({ lastSuccess: 2 * HOUR, failingSince: 3 * HOUR });
  });

  it('is switched off by a 410 at once, also one that is never switched off otherwise', () => {
    expect(after([['gone', HOUR]])).toEqual({ failingSince: HOUR, disabled: 'gone' });
    const tries: Try[] = [
      ['delivered', 0],
      ['failed', HOUR],
      ['gone', 2 * HOUR],
    ];
    expect(after(tries, 0)).toEqual({ lastSuccess: 0, failingSince: HOUR, disabled: 'gone' });
  });

  it('is never switched off by failures where the limit is 0', () => {
    const tries: Try[] = [
      ['failed', 0],
      ['failed', 1e12],
    ];
    expect(after(tries, 0)).toEqual({ failingSince: 0 });
  });

  it('stays switched off whatever comes late, until its health is forgotten', () => {
    const off = after([['gone', 0]]);
    expect(healthAfterTry(off, 'delivered', HOUR, LIMIT)).toBe(off);
    expect(healthAfterTry({}, 'delivered', HOUR, LIMIT)).toEqual({ lastSuccess: HOUR });
  });

  it('is not switched off by a failure that is reported after a later success', () => {
    expect(
      after([
        ['failed', 0],
        ['delivered', LIMIT + 1],
        ['failed', LIMIT],
      ]),
    ).toEqual({ lastSuccess: LIMIT + 1 });
  });

  it('is switched off exactly if two failures are so far apart without a success between, and in another order of reports never without two such failures', () => {
    // Each at a moment of its own: which of two at the same moment came first cannot be told.
    const tries = fc.uniqueArray(fc.tuple(fc.constantFrom<Outcome>('failed', 'delivered'), fc.nat(200)), {
      minLength: 1,
      selector: ([, at]) => at,
    });
    fc.assert(
      fc.property(tries, (hours) => {
        const limit = 72;
        const ofOutcome = (wanted: Outcome) => hours.filter(([outcome]) => outcome === wanted).map(([, at]) => at);
        const [successes, failures] = [ofOutcome('delivered'), ofOutcome('failed')];
        const pairs = failures.flatMap((from) =>
          failures.filter((to) => to - from >= limit).map((to) => [from, to] as const),
        );
        const isFailing = pairs.some(([from, to]) => successes.every((success) => success < from || success > to));
        const inOrder = [...hours].sort(([, a], [, b]) => a - b);
        expect(after(inOrder, limit).disabled).toBe(isFailing ? 'failing' : undefined);
        if (pairs.length === 0) expect(after(hours, limit).disabled).toBeUndefined();
      }),
    );
  });
});

describe('the event about an endpoint that is switched off', () => {
  const endpoint = { id: 'chat', url: 'https://chat.example:8443/services/t0ken' };

  it('names it, its host, since when it fails and why, and nothing else of its URL', () => {
    const health: EndpointHealth = { failingSince: 0, lastSuccess: -1, disabled: 'failing' };
    expect(webhookDisabledEvent(endpoint, health, LIMIT)).toEqual({
      type: 'webhook.disabled',
      timestamp: '1970-01-04T00:00:00.000Z',
      data: { endpoint: 'chat', host: 'chat.example:8443', since: '1970-01-01T00:00:00.000Z', reason: 'failing' },
    });
  });

  it('is not there while it is not', () => {
    expect(webhookDisabledEvent(endpoint, { failingSince: 0 }, LIMIT)).toBeUndefined();
  });
});
