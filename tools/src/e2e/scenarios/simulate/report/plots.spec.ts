import { linear } from './scales';
import { stackedAreas } from './plots';

describe('stacked areas', () => {
  const frame = { left: 0, right: 100, top: 0, height: 10, time: linear([0, 100], [0, 100]), lengthMs: 100 };
  const layer = (name: string, values: readonly number[]) => ({ name, colour: name, values });

  it('last until the next change and stand on those before them', () => {
    const layers = [layer('red', [1, 1, 5]), layer('blue', [4, 4, 5])];
    const svg = stackedAreas(frame, { name: 'n', unit: 'u' }, layers, [0, 20, 40]);
    expect(svg).toContain('d="M0 9L40 9L40 5L100 5L100 10L40 10L40 10L0 10Z" fill="red"');
    expect(svg).toContain('d="M0 5L40 5L40 0L100 0L100 5L40 5L40 9L0 9Z" fill="blue"');
  });

  it('are empty without a moment', () => {
    expect(stackedAreas(frame, { name: 'n', unit: 'u' }, [layer('red', [])], [])).not.toContain('<path');
  });
});
