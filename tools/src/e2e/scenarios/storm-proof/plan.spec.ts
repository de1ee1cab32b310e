import { planOf } from './plan';

const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another salt', () => {
    const { random: _one, ...plan } = planOf(7, 2);
    const { random: _other, ...again } = planOf(7, 2);
    expect(again).toEqual(plan);
    expect(planOf(7, 1).moment).not.toBe(plan.moment);
  });

  it('loses a worker in a third of the runs, and has no storm in a fifth', () => {
    const plans = SEEDS.map((seed) => planOf(seed));
    expect(plans.filter(({ kills }) => kills)).toHaveLength(100);
    expect(plans.filter(({ isCalm }) => isCalm)).toHaveLength(60);
    expect(plans.filter(({ kills, isCalm }) => kills && isCalm)).toHaveLength(20);
  });
});
