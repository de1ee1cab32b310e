import { graveSignals } from './grave-signals';

describe('the signals that an operator calls grave', () => {
  it('may be any that the patterns know, and none', () => {
    expect(graveSignals(['exposure_leak', 'harm_danger'])).toEqual(['exposure_leak', 'harm_danger']);
    expect(graveSignals([])).toEqual([]);
  });

  it('are refused where there is no such signal, with those that there are', () => {
    expect(() => graveSignals(['harm_danger', 'harm_dragon'])).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        message: expect.stringMatching(/STORM_GRAVE_SIGNALS: no signal is called harm_dragon; there are .*harm_danger/),
      }),
    );
  });
});
