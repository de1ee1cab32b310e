import fc from 'fast-check';
import { encodeCommand, parseReply } from './redis-protocol';

const parse = (text: string) => parseReply(Buffer.from(text));

describe('a Redis command', () => {
  it('has the length of every part in bytes', () => {
    expect(encodeCommand(['SET', 'größe', 7]).toString()).toBe('*3\r\n$3\r\nSET\r\n$7\r\ngröße\r\n$1\r\n7\r\n');
  });

  it('keeps bytes that are no text as they are', () => {
    const bytes = Uint8Array.of(0, 255, 13, 10);
    expect(encodeCommand([bytes]).subarray('*1\r\n$4\r\n'.length, -2)).toEqual(Buffer.from(bytes));
  });
});

describe('a Redis reply', () => {
  it.each([
    ['+OK\r\n', 'OK'],
    [':-12\r\n', -12],
    ['$5\r\na\r\nbc\r\n', 'a\r\nbc'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['*0\r\n', []],
    ['*3\r\n$1\r\na\r\n*1\r\n:2\r\n$-1\r\n', ['a', [2], null]],
  ])('%j is decoded', (text, reply) => {
    expect(parse(text)).toEqual({ reply, end: Buffer.byteLength(text) });
  });

  it('is an error with the message of the server when it refuses', () => {
    expect(parse("-WRONGTYPE that's a list\r\n")?.reply).toEqual(new Error("WRONGTYPE that's a list"));
  });

  it('waits for the rest wherever the network split it', () => {
    const whole = Buffer.from('*3\r\n$4\r\nä\r\n\r\n:5\r\n+é\r\n');
    for (let length = 0; length < whole.length; length += 1)
      expect(parseReply(whole.subarray(0, length))).toBeUndefined();
    expect(parseReply(whole)?.end).toBe(whole.length);
  });

  it('ends where the next one begins', () => {
    const both = Buffer.from('+one\r\n+two\r\n');
    expect(parseReply(both, parseReply(both)?.end)?.reply).toBe('two');
  });

  it('is read as it was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        expect(parseReply(encodeCommand(texts))?.reply).toEqual(texts);
      }),
    );
  });

  it('of another protocol is refused', () => {
    expect(() => parse('HTTP/1.1 400 Bad Request\r\n')).toThrow('No Redis server answers with "HTTP/1.1 400');
  });
});
