import { MonthlyCount } from './monthly-count';

const DAY = 86_400_000;

describe('the tickets of a month', () => {
  const after = (days: number, perDay: number): MonthlyCount => {
    const month = new MonthlyCount();
    for (let day = 0; day < days; day += 1) for (let ticket = 0; ticket < perDay; ticket += 1) month.add(day * DAY);
    return month;
  };

  it('are those of the last thirty days', () => {
    expect(after(40, 10).at(39 * DAY)).toBe(300);
  });

  it('are as many as thirty days like those known would bring where fewer are known', () => {
    expect(after(6, 10).at(5 * DAY)).toBe(300);
    expect(after(1, 10).at(DAY - 1)).toBe(300);
  });

  it('fade where nobody writes any more', () => {
    expect(after(30, 10).at(44 * DAY)).toBe(150);
    expect(after(30, 10).at(90 * DAY)).toBe(0);
    expect(new MonthlyCount().at(0)).toBe(0);
  });

  it('go on from what was kept', () => {
    const month = new MonthlyCount();
    month.restore(after(30, 10).entries());
    expect(month.at(29 * DAY)).toBe(300);
  });
});
