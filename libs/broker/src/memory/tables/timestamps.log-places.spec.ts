import { VirtualClock } from '@smart-support/testing';
import { LogPlaces } from './timestamps';

it('gives every entry a place of its own, later than all before, also when the machine’s clock goes back', () => {
  let now = 1000;
  const places = new LogPlaces({ now: () => now, monotonic: () => 0 });
  const given = [1000, 1000, 400, 1001, 1000].map((ms) => {
    now = ms;
    return places.next();
  });
  expect(given.map(({ id }) => id)).toEqual(['1000-0', '1000-1', '1000-2', '1001-0', '1001-1']);
  expect(given.map(({ at_ms }) => at_ms)).toEqual([1000, 1000, 1000, 1001, 1001]);
  expect(new LogPlaces(new VirtualClock(5)).next()).toEqual({ id: '5-0', at_ms: 5 });
});
