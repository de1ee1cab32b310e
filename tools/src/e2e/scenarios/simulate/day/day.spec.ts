import fc from 'fast-check';
import { scenarioOfTicket } from './scenario';
import { dayClock, actionsOf, planDay, ticketsOf } from './day';
import { SHORT_DAY, type Timetable, WHOLE_DAY } from './timetable';

const TEXTS = Array.from({ length: 2000 }, (_, number) => `everyday text ${number}`);
const plan = (seed: number, timetable: Timetable = WHOLE_DAY) => planDay(seed, timetable, TEXTS);

const textsOf = (scenario: string): string[] =>
  ticketsOf(plan(1))
    .filter((ticket) => ticket.scenario === scenario)
    .map(({ text }) => text);

describe('the plan of a day', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(ticketsOf(plan(8))).not.toEqual(ticketsOf(plan(7)));
  });

  it.each([WHOLE_DAY, SHORT_DAY])('sends every ticket once, in order and within the day', (timetable) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const day = plan(seed, timetable);
        const tickets = ticketsOf(day);
        const moments = tickets.map(({ atMs }) => atMs);
        expect(moments).toEqual(moments.toSorted((a, b) => a - b));
        expect(tickets.filter(({ atMs }) => atMs < 0 || atMs > day.lengthMs)).toEqual([]);
        expect(new Set(tickets.map(({ id }) => id)).size).toBe(tickets.length);
        expect(tickets.filter(({ id, scenario }) => scenarioOfTicket(id) !== scenario)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('does everything while tickets still come', () => {
    for (const timetable of [WHOLE_DAY, SHORT_DAY]) {
      const day = plan(1, timetable);
      expect(
        actionsOf(day)
          .map(({ action: { kind } }) => kind)
          .sort(),
      ).toEqual(['kill-redis', 'kill-worker', 'reject', 'resolve', 'restart-redis', 'slow-model', 'slow-model']);
      expect(actionsOf(day).filter(({ atMs }) => atMs < 0 || atMs > day.lengthMs)).toEqual([]);
    }
  });

  it('sends no everyday text twice, so that nothing everyday looks like a storm', () => {
    const everyday = ['office', 'spike', 'kill'].flatMap(textsOf);
    expect(new Set(everyday).size).toBe(everyday.length);
  });

  it('sends no everyday text about the trouble of the paraphrased storm', () => {
    const day = planDay(1, SHORT_DAY, [...TEXTS.slice(0, 3), 'seat map does not load']);
    expect(ticketsOf(day).filter(({ text }) => text.includes('seat map'))).toEqual([]);
  });

  it('has one angry customer, and every other requester write once', () => {
    const tickets = ticketsOf(plan(1));
    const angry = tickets.filter(({ scenario }) => scenario === 'angry');
    expect(angry).toHaveLength(40);
    expect(new Set(angry.map(({ requester }) => requester)).size).toBe(1);
    const others = tickets.filter(({ scenario }) => scenario !== 'angry').map(({ requester }) => requester);
    expect(new Set(others).size).toBe(others.length);
  });

  it('has a storm of nearly the same text, and one of different sentences', () => {
    expect(textsOf('verbatim').filter((text) => text.includes('It shows error 503 on every screen'))).toHaveLength(240);
    expect(new Set(textsOf('verbatim')).size).toBe(240);
    expect(new Set(textsOf('paraphrased')).size).toBe(48);
  });
});

describe('the clock of the day', () => {
  it('begins at eight and goes five minutes a second', () => {
    expect([0, 1000, 13_500, 120_000].map(dayClock)).toEqual(['08:00', '08:05', '09:07', '18:00']);
  });
});
