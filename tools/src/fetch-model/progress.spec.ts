import { formatBytes, renderTransfer, showProgress } from './progress';

const screenOf = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) };
};

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [22_806_933, '22.8 MB'],
    [999_950_000, '1.00 GB'],
    [1_629_000_000, '1.63 GB'],
  ])('of %d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('the bar', () => {
  it('shows how far it is, how much there is, and how fast it comes', () => {
    expect(renderTransfer({ path: 'a.onnx', bytes: 500, total: 2000, bytesPerSecond: 250_000 }, 200)).toBe(
      'a.onnx  [======                  ]  25 %  500 B of 2.0 kB  250.0 kB/s',
    );
  });

  it('works without a known size, and stays full beyond the end', () => {
    expect(renderTransfer({ path: 'a', bytes: 500, total: undefined, bytesPerSecond: 0 }, 80)).toBe('a  500 B');
    expect(renderTransfer({ path: 'a', bytes: 500, total: 400, bytesPerSecond: 0 }, 80)).toContain('100 %');
  });

  it('fits the screen', () => {
    expect(renderTransfer({ path: 'x'.repeat(300), bytes: 1, total: 2, bytesPerSecond: 3 }, 40)).toHaveLength(40);
  });

  it('is redrawn in place on a terminal, and not more often than eyes follow', () => {
    const screen = screenOf(true);
    let now = 0;
    const progress = showProgress(screen, () => now);
    progress.started('a', 0, 1_000_000);
    for (now = 1; now <= 1000; now += 1) progress.advanced('a', now * 1000);
    expect(screen.written).toHaveLength(11);
    expect(screen.written.every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
    expect(screen.written.at(-1)).toContain('1.0 MB/s');
    progress.finished('a', 1_000_000);
    expect(screen.written.at(-1)).toBe('a: 1.0 MB, done\n');
  });

  it('is plain lines without a terminal', () => {
    const screen = screenOf(false);
    const progress = showProgress(screen, () => 0);
    progress.started('a', 0, 2000);
    progress.advanced('a', 1000);
    progress.started('a', 1000, 2000);
    progress.finished('a', 2000);
    expect(screen.written).toEqual(['a: downloading 2.0 kB\n', 'a: resuming after 1.0 kB\n', 'a: 2.0 kB, done\n']);
  });
});
