import fc from 'fast-check';
import { delimited, fieldsOf, textsOf, whole } from './protobuf-wire';

const numbers = fc.integer({ min: 1, max: 5000 });

describe("Protocol Buffers' wire format", () => {
  it('is that of its documentation', () => {
    // The two examples of https://protobuf.dev/programming-guides/encoding/: 150, and the text "testing".
    expect([...whole(1, 150)]).toEqual([0x08, 0x96, 0x01]);
    expect([...delimited(2, 'testing')]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
  });

  it('is read as it was written, whatever the texts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, fc.string({ unit: 'grapheme', maxLength: 200 }))), (texts) => {
        const fields = fieldsOf(Buffer.concat(texts.map(([number, text]) => delimited(number, text))));
        expect(fields.map(({ number }) => number)).toEqual(texts.map(([number]) => number));
        expect(fields.flatMap((field) => textsOf([field], field.number))).toEqual(texts.map(([, text]) => text));
      }),
    );
  });

  it('keeps fields of every kind whole', () => {
    const fixed = [Uint8Array.of(1 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(2 * 8 + 5, 1, 2, 3, 4)];
    const message = Buffer.concat([whole(3, 2 ** 40), ...fixed, delimited(4, 'end')]);
    expect(fieldsOf(message).map(({ number }) => number)).toEqual([3, 1, 2, 4]);
    expect(Buffer.concat(fieldsOf(message).map(({ raw }) => raw))).toEqual(message);
  });

  it('that is cut off or of an unknown kind is refused', () => {
    const message = delimited(1, 'testing');
    for (let length = 1; length < message.length; length += 1)
      expect(() => fieldsOf(message.subarray(0, length))).toThrow('cut off');
    expect(() => fieldsOf(Uint8Array.of(8 + 3))).toThrow('kind 3');
  });
});
