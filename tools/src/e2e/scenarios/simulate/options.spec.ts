import { readOptions } from './options';

describe('the arguments of the simulation', () => {
  it('default to the whole day', () => {
    expect(readOptions([])).toEqual({
      seed: 1,
      isShort: false,
      report: 'tmp/simulate',
      picture: undefined,
      redraw: undefined,
    });
  });

  it('are taken from the command line', () => {
    const args = ['--seed=0', '--short', '--report=here', '--picture=there.svg', '--redraw=earlier.json'];
    expect(readOptions(args)).toEqual({
      seed: 0,
      isShort: true,
      report: 'here',
      picture: 'there.svg',
      redraw: 'earlier.json',
    });
  });

  it.each(['--seed=', '--seed=-1', '--seed=1.5', '--seed=many', '--sed=1'])('that are wrong are refused: %s', (arg) => {
    expect(() => readOptions([arg])).toThrow(/seed|sed/);
  });
});
