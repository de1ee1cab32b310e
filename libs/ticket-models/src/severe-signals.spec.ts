import { severeSignals } from './severe-signals';

describe('the severe signals that an operator names', () => {
  it('may be any that the patterns know, and none', () => {
    const named = { novelSignals: ['exposure_lawyer'], alwaysRoutedSignals: ['exposure_leak', 'harm_danger'] };
    expect(severeSignals(named)).toEqual(named);
    const none = { novelSignals: [], alwaysRoutedSignals: [] };
    expect(severeSignals(none)).toEqual(none);
  });

  it.each([
    ['STORM_NOVEL_SIGNALS', { novelSignals: ['harm_danger', 'harm_dragon'], alwaysRoutedSignals: [] }],
    ['STORM_ALWAYS_ROUTED_SIGNALS', { novelSignals: [], alwaysRoutedSignals: ['harm_dragon'] }],
  ])('are refused in %s where there is no such signal, with those that there are', (setting, named) => {
    expect(() => severeSignals(named)).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        message: expect.stringMatching(
          new RegExp(`${setting}: no signal is called harm_dragon; there are .*harm_danger`),
        ),
      }),
    );
  });
});
