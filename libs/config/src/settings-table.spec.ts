import { SETTINGS } from './settings-table';

describe('the public list of settings', () => {
  it('names every setting once', () => {
    const names = SETTINGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('explains each one in one sentence', () => {
    for (const { meaning } of SETTINGS) expect(meaning).toMatch(/^[A-Z][^.]*\.$/);
  });

  it('cannot be changed by who reads it', () => {
    for (const setting of SETTINGS) expect(Object.isFrozen(setting)).toBe(true);
  });
});
