import { type Agent, request } from 'node:http';
import { type Socket, connect } from 'node:net';

/** A request with arbitrary bytes and headers. */
export interface HostileRequest {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers by HTTP status, or by the error of a connection that was cut. */
export type Answers = ReadonlyMap<string, number>;

/** Sends the same request again and again. @param parallel - how many at a time, each on a connection of its own */
export async function volley(
  port: number,
  hostile: HostileRequest,
  { times, parallel }: { readonly times: number; readonly parallel: number },
): Promise<Answers> {
  const answers = new Map<string, number>();
  let left = times;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await send(port, hostile);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: parallel }, caller));
  return answers;
}

/**
 * Sends one request.
 * @param agent - keeps its connection; left out, the connection is closed after the answer
 * @returns its status, or the code of the error
 */
export function send(
  port: number,
  { path, body, headers }: HostileRequest,
  agent: Agent | false = false,
): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, path, method: 'POST', agent },
        headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
      },
      (response) => {
        response.resume();
        response.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        response.on('end', () => resolve(String(response.statusCode)));
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(body);
  });
}

/**
 * Opens a connection, sends the same request several times without waiting for answers, and reads none.
 * @returns the connection, to be destroyed
 */
export function sendUnread(port: number, { path, body, headers }: HostileRequest, times: number): Socket {
  const fields = { host: 'localhost', 'content-type': 'application/json', 'content-length': body.length, ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  for (let n = 0; n < times; n += 1) {
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`);
    socket.write(body);
  }
  return socket;
}

/**
 * Opens a connection, sends the beginning of a request and then one byte a second.
 * @param beginning - sent at once
 * @param mostMs - for how long it goes on at most
 * @returns after how many milliseconds the other side closed the connection; `mostMs` if it did not
 */
export function drip(port: number, beginning: string, mostMs: number): Promise<number> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const socket = connect(port, '127.0.0.1', () => socket.write(beginning));
    const every = setInterval(() => socket.write('a'), 1_000);
    const end = (): void => {
      clearInterval(every);
      clearTimeout(limit);
      socket.destroy();
      resolve(Math.min(mostMs, performance.now() - begun));
    };
    const limit = setTimeout(end, mostMs);
    socket.on('error', () => undefined);
    socket.on('close', end);
    socket.resume();
  });
}
