import fc from 'fast-check';
import { type Fault, type FaultKind, describeFault, makePlan } from './plan';

const SHOW = {
  tickets: 20_000,
  workers: 4,
  kills: 40,
  stops: 5,
  redisRestarts: 3,
  gatewayKills: 2,
  failovers: 0,
  reshards: 0,
  cuts: 60,
  seed: 1,
  leaseMs: 2000,
};

const of = (plan: readonly Fault[], kind: FaultKind): Fault[] => plan.filter((fault) => fault.kind === kind);

describe('the plan of what goes wrong', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    expect(makePlan(SHOW)).toEqual(makePlan(SHOW));
    expect(makePlan({ ...SHOW, seed: 2 })).not.toEqual(makePlan(SHOW));
  });

  it('holds as many faults of each kind as were asked for, in order', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(20), fc.nat(5), fc.nat(5), fc.nat(50), fc.nat(), (k, s, r, g, c, seed) => {
        const plan = makePlan({ ...SHOW, kills: k, stops: s, redisRestarts: r, gatewayKills: g, cuts: c, seed });
        expect(of(plan, 'worker-kill')).toHaveLength(k);
        expect(of(plan, 'worker-stop')).toHaveLength(s);
        expect(of(plan, 'redis-restart')).toHaveLength(r);
        expect(of(plan, 'gateway-kill')).toHaveLength(g);
        expect(of(plan, 'cut')).toHaveLength(c);
        expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).toSorted((a, b) => a - b));
      }),
    );
  });

  it('names workers that exist, stops them for longer than the lease, and has no fault at the beginning and the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.nat(), (workers, seed) => {
        const plan = makePlan({ ...SHOW, workers, seed });
        expect(plan.filter(({ at }) => at < SHOW.tickets * 0.05 || at > SHOW.tickets * 0.95)).toEqual([]);
        expect(plan.filter((fault) => 'worker' in fault && !(fault.worker < workers))).toEqual([]);
        expect(plan.filter((fault) => 'forMs' in fault && fault.forMs <= SHOW.leaseMs)).toEqual([]);
      }),
    );
  });

  it('keeps kills of the gateway away from the times without Redis', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const big = makePlan({ ...SHOW, seed }).filter(({ kind }) => ['redis-restart', 'gateway-kill'].includes(kind));
        const gaps = big.slice(1).map(({ at }, index) => at - (big[index]?.at ?? 0));
        // Half a section of a fifth of the traffic, but for rounding.
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual((20_000 * 0.9) / 5 / 2 - 1);
      }),
    );
  });

  it('lets masters of Redis fail in each way in turn, apart from one another and from kills of the gateway', () => {
    const plan = makePlan({ ...SHOW, redisRestarts: 0, failovers: 6, reshards: 2 });
    const hows = plan.flatMap((fault) => (fault.kind === 'failover' ? [fault.how] : []));
    expect(hows).toEqual(['kill', 'demote', 'freeze', 'kill', 'demote', 'freeze']);
    const big = plan.filter(({ kind }) => ['failover', 'reshard', 'gateway-kill'].includes(kind));
    const gaps = big.slice(1).map(({ at }, index) => at - (big[index]?.at ?? 0));
    expect(big).toHaveLength(10);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual((20_000 * 0.9) / 10 / 2 - 1);
  });

  it('can be read', () => {
    expect(describeFault({ kind: 'worker-stop', at: 3, worker: 0, forMs: 4000 })).toBe(
      'after 3 tickets: SIGSTOP to worker 1 for 4000 ms',
    );
    for (const fault of makePlan({ ...SHOW, failovers: 3, reshards: 1 }))
      expect(describeFault(fault)).toMatch(/^after \d+ tickets: /);
  });
});
