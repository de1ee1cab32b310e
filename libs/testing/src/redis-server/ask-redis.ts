import { connect } from 'node:net';
import { type RedisArgument, type RedisReply, encodeCommand, parseReply } from './redis-protocol';

/** Address of a test's server. */
export interface RedisAddress {
  readonly port: number;
  readonly password?: string | undefined;
}

/** Time limit of a reply, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Sends one command on a connection of its own, so that a restart of the server or a killed connection of the code under
 * test does not affect what a test reads.
 * @throws Error with the message of the server when it refuses, and when it cannot be reached or does not answer for 10 s
 */
export function askRedis(
  { port, password }: RedisAddress,
  args: readonly RedisArgument[],
  timeoutMs = PATIENCE_MS,
): Promise<RedisReply> {
  const commands = password === undefined ? [args] : [['AUTH', password], args];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const finish = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    const fail = (problem: Error): void => finish(() => reject(problem));

    let data = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => fail(new Error(`Redis on port ${port} did not answer for ${timeoutMs} ms`)));
    socket.once('connect', () => socket.write(Buffer.concat(commands.map(encodeCommand))));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error(`Redis on port ${port} closed the connection without an answer`)));
    socket.on('data', (chunk) => {
      data = Buffer.concat([data, chunk]);
      try {
        const replies = parseReplies(data, commands.length);
        const refusal = replies.find((reply) => reply instanceof Error);
        if (refusal) fail(refusal);
        else if (replies.length === commands.length) finish(() => resolve(replies.at(-1) as RedisReply));
      } catch (problem) {
        fail(problem as Error);
      }
    });
  });
}

function parseReplies(data: Buffer, atMost: number): readonly RedisReply[] {
  const replies: RedisReply[] = [];
  for (let next = parseReply(data); next; next = parseReply(data, next.end)) {
    replies.push(next.reply);
    if (replies.length === atMost) break;
  }
  return replies;
}
