/** A reply of Redis: text, a whole number, nothing, a list of these, or - inside a list - an error. */
export type RedisReply = string | number | null | Error | readonly RedisReply[];

/** An argument of a Redis command. Bytes are sent as they are, so that a test can store values that are no text. */
export type RedisArgument = string | number | Uint8Array;

const LINE_END = '\r\n';

/** Encodes a command for Redis. */
export function encodeCommand(args: readonly RedisArgument[]): Buffer {
  const parts = args.flatMap((arg) => {
    const bytes = Buffer.from(typeof arg === 'number' ? String(arg) : arg);
    return [Buffer.from(`$${bytes.length}${LINE_END}`), bytes, Buffer.from(LINE_END)];
  });
  return Buffer.concat([Buffer.from(`*${args.length}${LINE_END}`), ...parts]);
}

/** A reply and the start of the next one. */
export interface ParsedReply {
  readonly reply: RedisReply;
  readonly end: number;
}

/**
 * Reads one reply.
 * @param start - where in `data` it starts
 * @returns undefined when the reply is not complete yet
 * @throws Error when the data is no reply of a Redis server
 */
export function parseReply(data: Buffer, start = 0): ParsedReply | undefined {
  const lineEnd = data.indexOf(LINE_END, start);
  if (lineEnd === -1) return undefined;
  const line = data.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + LINE_END.length;
  const kind = String.fromCharCode(data[start]!);
  switch (kind) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: new Error(line), end };
    case ':':
      return { reply: Number(line), end };
    case '$':
      return parseText(data, end, Number(line));
    case '*':
      return parseList(data, end, Number(line));
    default:
      throw new Error(`No Redis server answers with "${kind}${line}"`);
  }
}

function parseText(data: Buffer, start: number, length: number): ParsedReply | undefined {
  if (length < 0) return { reply: null, end: start };
  const end = start + length + LINE_END.length;
  return end > data.length ? undefined : { reply: data.toString('utf8', start, start + length), end };
}

function parseList(data: Buffer, start: number, length: number): ParsedReply | undefined {
  if (length < 0) return { reply: null, end: start };
  const replies: RedisReply[] = [];
  let end = start;
  while (replies.length < length) {
    const next = parseReply(data, end);
    if (!next) return undefined;
    replies.push(next.reply);
    end = next.end;
  }
  return { reply: replies, end };
}
