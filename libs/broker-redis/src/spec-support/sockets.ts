import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** A server on 127.0.0.1, until it is stopped. */
export interface Listening {
  readonly port: number;
  /** Stops listening and cuts all connections. */
  stop(): Promise<void>;
}

async function listen(onSocket: (socket: Socket) => void, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server that answers everything with one line, such as `-LOADING ...`, or does not answer. */
export function startFakeServer(answer: string | undefined): Promise<Listening> {
  return listen((socket) => {
    socket.on('data', (chunk) => {
      // A command begins with the number of its parts, at the beginning of a line.
      const commands = chunk.toString('latin1').match(/^\*\d+\r$/gmu)?.length ?? 0;
      if (answer !== undefined && commands > 0) socket.write(`${answer}\r\n`.repeat(commands));
    });
  });
}

/** A server that answers the first command of a connection, `HELLO`, and no other. */
export interface HelloOnlyServer extends Listening {
  /** Everything that clients have sent. */
  readonly received: () => string;
}

/** Starts one on a free port. */
export async function startHelloOnlyServer(): Promise<HelloOnlyServer> {
  let received = '';
  const listening = await listen((socket) => {
    socket.once('data', () => socket.write('%1\r\n+proto\r\n:3\r\n'));
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  });
  return { ...listening, received: () => received };
}

/** A proxy that can cut its connections in the middle of a reply. */
export interface CuttingProxy extends Listening {
  /** Forwards this many bytes of the next reply to a script, and then cuts all connections. */
  cutReplyAfter(bytes: number): void;
}

/** A proxy that never answers on the first connections. */
export function startInitiallySilentProxy(serverPort: number, deafConnections: number): Promise<Listening> {
  let connections = 0;
  return listen((client) => {
    connections += 1;
    if (connections <= deafConnections) return;
    const server = connect({ host: '127.0.0.1', port: serverPort });
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}

/** Starts a proxy in front of a server. */
export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let bytesLeft: number | undefined;
  const open = new Set<Socket>();
  const listening = await listen((client) => {
    const server = connect({ host: '127.0.0.1', port: serverPort });
    let scripted = false;
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (bytesLeft !== undefined) scripted ||= chunk.toString('latin1').includes('evalsha');
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (bytesLeft === undefined || !scripted) return void client.write(chunk);
      client.write(chunk.subarray(0, bytesLeft), () => {
        for (const socket of open) socket.destroy();
      });
      bytesLeft = undefined;
    });
  });
  return { ...listening, cutReplyAfter: (bytes) => void (bytesLeft = bytes) };
}
