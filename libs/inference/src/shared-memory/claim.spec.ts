import { Claim } from './claim';

describe('a text handed ahead', () => {
  it('is had by whoever claims it first, and by nobody else', () => {
    const owner = new Claim();
    const thread = new Claim(owner.shared);
    const other = new Claim();
    expect([thread.lay(), owner.lay(), thread.lay(), other.lay()]).toEqual([true, false, false, true]);
  });
});
