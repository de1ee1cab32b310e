import { Progress } from './progress';

function screen(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, columns: 40, write: (text: string) => written.push(text) > 0 };
  return { written, out: out as unknown as NodeJS.WriteStream };
}

describe('the progress of a run', () => {
  it('changes in place on a terminal, and never exceeds its width', () => {
    const { written, out } = screen(true);
    const progress = new Progress(() => ['one', 'x'.repeat(100)], out);
    progress.print('begins');
    progress.stop();
    expect(written).toEqual(['begins\n', `one\n${'x'.repeat(39)}\n`, `\u001B[2A\r\u001B[Jone\n${'x'.repeat(39)}\n`]);
  });

  it('is plain lines elsewhere', () => {
    const { written, out } = screen(false);
    const progress = new Progress(() => ['one', 'two'], out);
    progress.print('begins');
    progress.stop();
    progress.stop();
    expect(written).toEqual(['begins\n', 'one  two\n']);
  });
});
