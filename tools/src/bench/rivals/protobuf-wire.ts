/** One field of a message in Protocol Buffers' wire format, https://protobuf.dev/programming-guides/encoding/. */
export interface Field {
  readonly number: number;
  /** What stands in the field: of a length-delimited one without the length. */
  readonly content: Uint8Array;
  /** The whole field as it stands in the message. */
  readonly raw: Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/**
 * The fields of a message, in order.
 * @throws Error if it is cut off or has a field of an unknown kind
 */
export function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('the message is cut off');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const kind = tag % 8;
    let from = at;
    if (kind === VARINT) varint();
    else if (kind === FIXED_64) at += 8;
    else if (kind === FIXED_32) at += 4;
    else if (kind === DELIMITED) {
      const length = varint();
      from = at;
      at += length;
    } else throw new Error(`the message has a field of kind ${kind}`);
    if (at > message.length) throw new Error('the message is cut off');
    const number = Math.floor(tag / 8);
    fields.push({ number, content: message.subarray(from, at), raw: message.subarray(start, at) });
  }
  return fields;
}

/** A field that holds a text, bytes or another message. */
export function delimited(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return Buffer.concat([varintBytes(number * 8 + DELIMITED), varintBytes(bytes.length), bytes]);
}

/** A field that holds a whole number, at least 0. */
export function whole(number: number, value: number): Uint8Array {
  return Buffer.concat([varintBytes(number * 8 + VARINT), varintBytes(value)]);
}

/** The texts of all fields with a number. */
export function textsOf(fields: readonly Field[], number: number): readonly string[] {
  return fields.filter((field) => field.number === number).map(({ content }) => new TextDecoder().decode(content));
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
