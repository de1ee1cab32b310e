import { MonthlyCount } from './monthly-count';

const DAY = 86_400_000;

describe('the tickets of a month', () => {
  const after = (days: number, perDay: number): MonthlyCount => {
    const month = new MonthlyCount();
    for (let day = 0; day < days; day += 1)
      for (let ticket = 0; ticket < perDay; ticket += 1) month.countTicket(day * DAY);
    return month;
  };

  it('are those of the last thirty days', () => {
    expect(after(40, 10).ticketsPerMonth(39 * DAY)).toBe(300);
  });

  it('are extrapolated to thirty days where fewer are known', () => {
    expect(after(6, 10).ticketsPerMonth(5 * DAY)).toBe(300);
    expect(after(1, 10).ticketsPerMonth(DAY - 1)).toBe(300);
  });

  it('decrease once no tickets arrive', () => {
    expect(after(30, 10).ticketsPerMonth(44 * DAY)).toBe(150);
    expect(after(30, 10).ticketsPerMonth(90 * DAY)).toBe(0);
    expect(new MonthlyCount().ticketsPerMonth(0)).toBe(0);
  });

  it('continue from a snapshot', () => {
    const month = new MonthlyCount();
    month.restore(after(30, 10).entries());
    expect(month.ticketsPerMonth(29 * DAY)).toBe(300);
  });
});
