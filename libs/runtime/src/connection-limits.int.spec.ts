import { type RequestListener, type Server, createServer } from 'node:http';
import { type Socket, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualClock, eventually } from '@smart-support/testing';
import { type ConnectionLimits, limitConnections } from './connection-limits';
import { keepConnections, listen } from './listen';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A caller and what it has received. */
interface Caller {
  readonly socket: Socket;
  received: string;
  isCutOff: boolean;
}

const HEAD = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = (length: number): string => `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;

let server: Server;
let clock: VirtualClock;
let port: number;
let callers: Caller[];
/** The server's ends of the connections. */
let served: Socket[];

/** Reads the whole body and answers its length. */
const readAll: RequestListener = (request, response) => {
  let bytes = 0;
  request.on('data', ({ length }: Buffer) => (bytes += length));
  request.on('end', () => response.end(`${bytes} bytes`));
};

async function serve(listener: RequestListener, limits?: Partial<ConnectionLimits>): Promise<void> {
  server = createServer(listener);
  keepConnections(server, 65_000);
  limitConnections(server, limits, clock);
  server.on('connection', (socket) => served.push(socket));
  port = await listen(server, 0, '127.0.0.1');
}

/** @param goesOn - whether it still sends after the server has ended its side */
async function aCaller(sent = '', goesOn = false): Promise<Caller> {
  const before = served.length;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: goesOn });
  const caller: Caller = { socket, received: '', isCutOff: false };
  caller.socket.on('data', (data) => (caller.received += data.toString()));
  caller.socket.on('error', () => undefined);
  caller.socket.on('close', () => (caller.isCutOff = true));
  callers.push(caller);
  await eventually('the connection is there', () => served.length > before);
  await say(caller, sent);
  return caller;
}

/** Sends something, and waits until the server has read it. */
async function say(caller: Caller, sent: string): Promise<void> {
  const end = served[callers.indexOf(caller)];
  const before = end?.bytesRead ?? 0;
  if (sent !== '') caller.socket.write(sent);
  await eventually('the server has read', () => (end?.bytesRead ?? 0) - before >= sent.length);
}

const receives = (caller: Caller, what: string): Promise<unknown> =>
  eventually(
    `receives ${what}`,
    () => caller.received,
    (received) => received.includes(what),
  );
const isCutOff = (caller: Caller): Promise<unknown> => eventually('is cut off', () => caller.isCutOff);

beforeEach(() => {
  clock = new VirtualClock();
  callers = [];
  served = [];
});
afterEach(async () => {
  for (const { socket } of callers) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a connection', () => {
  it('may be opened in advance and be idle for a minute, before its first request and between two', async () => {
    await serve(readAll);
    const caller = await aCaller();
    for (const times of [1, 2]) {
      clock.advance(60_000);
      await say(caller, HEAD);
      await eventually('an answer', () => caller.received.split('0 bytes').length === times + 1);
    }
    clock.advance(60_000);
    expect(caller.isCutOff).toBe(false);
  });

  it.each([
    ['the first request', ''],
    ['the second one', HEAD],
  ])('of which the headers of %s do not end is cut off, however slowly they drip', async (_, first) => {
    await serve(readAll);
    const caller = await aCaller(first);
    if (first !== '') await receives(caller, '0 bytes');
    await say(caller, 'GET /livez HTTP/1.1\r\n');
    for (let second = 0; second < 12 && !caller.received.includes('408'); second += 1) {
      clock.advance(1_000);
      if (second < 8) await say(caller, 'X: y\r\n');
    }
    await receives(caller, 'HTTP/1.1 408');
    await isCutOff(caller);
  });

  it('with a body that drips is answered 408 and cut off', async () => {
    await serve(readAll);
    const caller = await aCaller(post(60_000));
    for (let second = 0; second < 9; second += 1) {
      await say(caller, 'a');
      clock.advance(1_000);
    }
    expect(caller.received).toBe('');
    clock.advance(3_000);
    await receives(caller, '"status":408');
    clock.advance(1_000);
    await isCutOff(caller);
  });

  it('with a body that arrives slowly but steadily is served', async () => {
    await serve(readAll);
    const caller = await aCaller(post(60 * 2_000));
    for (let second = 0; second < 60; second += 1) {
      await say(caller, 'a'.repeat(2_000));
      if (second < 59) clock.advance(1_000);
    }
    await receives(caller, '120000 bytes');
  });

  it('with a body that takes for ever is cut off, at any rate', async () => {
    await serve(readAll);
    const caller = await aCaller(post(10_000_000));
    for (let second = 0; second < 125 && !caller.received.includes('408'); second += 1) {
      clock.advance(1_000);
      if (second < 118) await say(caller, 'a'.repeat(2_000));
    }
    await receives(caller, '408');
  });

  it('of a caller that was refused is cut off after the answer, while it still sends', async () => {
    await serve((_request, response) => response.writeHead(401, { connection: 'close' }).end('no'));
    const caller = await aCaller(`${post(1_000_000)}{"te`, true);
    await receives(caller, 'HTTP/1.1 401');
    await say(caller, 'xt": "still talking');
    expect(served[0]?.destroyed).toBe(false);
    clock.advance(1_000);
    expect(served[0]?.destroyed).toBe(true);
  });
});

describe('an answer', () => {
  const LONG = 'x'.repeat(64 * 1024 * 1024);

  it('that its caller does not take is cut off', async () => {
    await serve((_request, response) => response.end(LONG));
    const caller = await aCaller();
    caller.socket.pause();
    await say(caller, HEAD);
    await eventually('the systems of both sides hold no more', () => (served[0]?.writableLength ?? 0) > 0);
    for (let second = 0; second < 119; second += 1) clock.advance(1_000);
    expect(served[0]?.destroyed).toBe(false);
    for (let second = 0; second < 3; second += 1) clock.advance(1_000);
    expect(served[0]?.destroyed).toBe(true);
  });

  it('that its caller takes slowly, piece by piece, goes on', async () => {
    const pieces = Array.from({ length: 1_000 }, () => LONG.slice(0, 64 * 1024));
    await serve((_request, response) => Readable.from(pieces).pipe(response));
    const caller = await aCaller();
    caller.socket.pause();
    await say(caller, HEAD);
    for (let look = 0; look < 4; look += 1) {
      const end = served[0];
      const before = end?.bytesWritten ?? 0;
      caller.socket.resume();
      await eventually('some of it is taken', () => (end?.bytesWritten ?? 0) > before);
      caller.socket.pause();
      for (let second = 0; second < 80; second += 1) clock.advance(1_000);
    }
    expect(served[0]?.destroyed).toBe(false);
  });
});

describe('a connection that is kept open', () => {
  /** Notes each request weakly, as one that carries a large body would be found in the heap. */
  const noting =
    (requests: WeakRef<object>[], listener: RequestListener): RequestListener =>
    (request, response) => {
      requests.push(new WeakRef(request));
      return listener(request, response);
    };
  const isCollected = (requests: readonly WeakRef<object>[]): Promise<unknown> =>
    eventually('the heap keeps no request', () => {
      collectGarbage();
      return requests.length > 0 && requests.every((request) => request.deref() === undefined);
    });

  it('keeps no request, and so no body, after its answer', async () => {
    const requests: WeakRef<object>[] = [];
    await serve(noting(requests, readAll));
    const callers = [await aCaller(`${post(3)}abc`), await aCaller(HEAD)];
    for (const caller of callers) await receives(caller, ' bytes');
    await isCollected(requests);
    for (const caller of callers) {
      await say(caller, HEAD);
      await receives(caller, '0 bytes');
    }
    expect(callers.map((caller) => caller.isCutOff)).toEqual([false, false]);
    expect(requests).toHaveLength(4);
  });

  it('keeps none of which the last bytes arrive after the answer', async () => {
    const requests: WeakRef<object>[] = [];
    await serve(
      noting(requests, (request, response) => {
        request.once('data', () => response.end('seen'));
      }),
    );
    const caller = await aCaller(
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    );
    await receives(caller, 'seen');
    await say(caller, '0\r\n\r\n');
    await isCollected(requests);
    expect(caller.isCutOff).toBe(false);
  });
});

describe('requests sent ahead of their answers', () => {
  it('are answered in order', async () => {
    await serve(({ url }, response) => response.end(url));
    const paths = Array.from({ length: 20 }, (_, at) => `/${at}.`);
    const caller = await aCaller(paths.map((path) => HEAD.replace('/livez', path)).join(''));
    await receives(caller, '/19.');
    expect(caller.received.match(/^\/\d+\./gm)).toEqual(paths);
    await say(caller, HEAD);
    await receives(caller, '/livez');
  });

  it('end the connection where there are hundreds', async () => {
    await serve(() => undefined);
    const few = await aCaller(HEAD.repeat(32));
    await isCutOff(await aCaller(HEAD.repeat(500)));
    expect(few.isCutOff).toBe(false);
  });
});

describe('connections above the cap', () => {
  it('end the one that is idle for the longest', async () => {
    await serve(readAll, { most: 2 });
    const [first, second] = [await aCaller(HEAD), await aCaller(HEAD)];
    await receives(second, '0 bytes');
    await receives(first, '0 bytes');
    await say(first, HEAD);
    await eventually('an answer', () => first.received.split('0 bytes').length === 3);
    const third = await aCaller(HEAD);
    await receives(third, '0 bytes');
    await isCutOff(second);
    expect([first.isCutOff, third.isCutOff]).toEqual([false, false]);
  });

  it('end one whose headers do not end', async () => {
    await serve(readAll, { most: 1 });
    const slow = await aCaller('GET / HTTP');
    await receives(await aCaller(HEAD), '0 bytes');
    await isCutOff(slow);
  });

  it('of one address end an idle one of that address', async () => {
    await serve(readAll, { mostOfAddress: 1 });
    const first = await aCaller();
    await receives(await aCaller(HEAD), '0 bytes');
    await isCutOff(first);
  });

  it('of one IPv6 network end an idle one of that network', async () => {
    const addresses = ['2001:db8::1', '2001:db8:0:1::1', '2001:db8::2'];
    await serve(readAll, { mostOfAddress: 1 });
    server.prependListener('connection', (socket) =>
      Object.defineProperty(socket, 'remoteAddress', { value: addresses.shift() }),
    );
    const [first, elsewhere] = [await aCaller(), await aCaller()];
    await receives(await aCaller(HEAD), '0 bytes');
    await isCutOff(first);
    expect(elsewhere.isCutOff).toBe(false);
  });

  it('carry one request each while all others are at work, so that health checks are answered', async () => {
    await serve(
      ({ url }, response) => {
        if (url === '/livez') response.end('alive');
      },
      { most: 2, mostExtra: 2 },
    );
    const busy = [await aCaller(post(0)), await aCaller(post(0))];
    const silent = [await aCaller(), await aCaller(), await aCaller()];
    const check = await aCaller(HEAD);
    await receives(check, 'alive');
    await isCutOff(check);
    expect(check.received).toContain('Connection: close');
    expect(busy.map((caller) => caller.isCutOff)).toEqual([false, false]);
    await eventually('the oldest was closed', () => silent[0]?.isCutOff);
  });
});
