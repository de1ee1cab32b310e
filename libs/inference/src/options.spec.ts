import { type ModelOptions, resolveOptions } from './options';

describe('the options of a model', () => {
  it('all have defaults but the directory', () => {
    const { threads, maxWaiting, cacheSize, hangMs, dtype } = resolveOptions({ directory: 'models/mine' });
    expect(threads).toBeGreaterThan(0);
    expect([maxWaiting, cacheSize, hangMs, dtype]).toEqual([128 * threads, 1024, 10_000, 'auto']);
  });

  it('are checked all at once', () => {
    const wrong = {
      directory: '',
      dtype: 'int7',
      threads: 0,
      maxWaiting: -1,
      cacheSize: 0.5,
      hangMs: 1e12,
      maxTokens: 2,
    };
    expect(() => resolveOptions(wrong as unknown as ModelOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        issues: Object.keys(wrong).map((path) => expect.objectContaining({ path }) as object),
      }),
    );
  });
});
