import fc from 'fast-check';
import { CommandReader } from './command-reader';

const written = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

const commands = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), { maxLength: 8 });

describe('reading an append-only file', () => {
  it('gives every command, wherever the pieces of the file end', () => {
    fc.assert(
      fc.property(commands, fc.integer({ min: 1, max: 40 }), (expected, size) => {
        const file = Buffer.from(expected.map(written).join(''));
        const reader = new CommandReader(1000);
        const read: string[][] = [];
        for (let at = 0; at < file.length; at += size) read.push(...reader.read(file.subarray(at, at + size)));
        expect(read).toEqual(expected);
        expect(reader.unfinishedBytes).toBe(0);
      }),
    );
  });

  it('leaves out the notes of Redis and what was never written to its end', () => {
    const reader = new CommandReader(1000);
    const file = `#TS:1700000000\r\n${written(['SET', 'a', '1'])}*3\r\n$3\r\nSET\r\n$1\r\nb`;
    expect(reader.read(Buffer.from(file))).toEqual([['SET', 'a', '1']]);
    expect(reader.unfinishedBytes).toBeGreaterThan(0);
  });

  it('cuts long values', () => {
    expect(new CommandReader(4).read(Buffer.from(written(['SET', 'abcdefgh'])))).toEqual([['SET', 'abcd']]);
  });

  it('does not take another file for one', () => {
    expect(() => new CommandReader(9).read(Buffer.from('REDIS0011\r\n'))).toThrow('no append-only file');
  });
});
