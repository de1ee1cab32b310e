import { Claim } from './claim';

describe('a text handed ahead', () => {
  it('is acquired by the first side only', () => {
    const owner = new Claim();
    const thread = new Claim(owner.shared);
    const other = new Claim();
    expect([thread.tryAcquire(), owner.tryAcquire(), thread.tryAcquire(), other.tryAcquire()]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
