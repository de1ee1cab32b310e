import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { CommandReader } from './command-reader';

/** A command of a replication stream. */
export interface StreamedCommand {
  readonly command: readonly string[];
  /** Offset of the stream after it. */
  readonly end: number;
}

/** A place in the history of a master. */
export interface StreamPosition {
  /** The history's id. */
  readonly replicationId: string;
  /** Bytes of it that are known. */
  readonly offset: number;
}

/** Bytes that are kept of each value: the audit needs names, not contents. */
const LONGEST_BYTES = 200;
const LINE_END = '\r\n';
/** Longest time for the handshake, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/**
 * Reads the writes of a master as its replicas get them, in their order and with their offsets. It never confirms any: WAIT does not count it, and
 * sentinels cannot promote it.
 */
export class ReplicationStream {
  private data: Buffer = Buffer.alloc(0);
  private readonly reader = new CommandReader(LONGEST_BYTES);
  private start = 0;
  private known = '';

  private constructor(
    private readonly socket: Socket,
    private readonly onCommand: (command: StreamedCommand) => void,
  ) {}

  /**
   * Begins to read.
   * @param from - where to go on; from now on unless given
   * @throws Error when the server does not go on from there, or does not answer
   */
  static async open(
    port: number,
    from: StreamPosition | undefined,
    onCommand: (command: StreamedCommand) => void,
  ): Promise<ReplicationStream> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    // What is lost with it is read from the next master.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const stream = new ReplicationStream(socket, onCommand);
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    try {
      await stream.shakeHands(from);
    } finally {
      clearTimeout(timer);
    }
    return stream;
  }

  /** Where it is now. */
  get position(): StreamPosition {
    return { replicationId: this.known, offset: this.start + this.reader.consumedBytes };
  }

  /** Reads no more. */
  close(): void {
    this.socket.destroy();
  }

  private async shakeHands(from: StreamPosition | undefined): Promise<void> {
    this.send('REPLCONF', 'capa', 'psync2');
    await this.line();
    this.send('PSYNC', from?.replicationId ?? '?', String(from ? from.offset + 1 : -1));
    const [answer = '', replicationId = '', offset = ''] = (await this.line()).split(' ');
    this.known = replicationId || (from?.replicationId ?? '');
    if (answer === '+CONTINUE' && from) this.start = from.offset;
    else if (answer === '+FULLRESYNC' && !from) {
      this.start = Number(offset);
      await this.skip(Number((await this.line()).slice(1)));
    } else throw new Error(`The master does not go on from ${from?.offset ?? 'here'}: ${answer} ${replicationId}`);
    this.socket.on('data', (piece: Buffer) => this.take(piece));
    const rest = this.data;
    this.data = Buffer.alloc(0);
    this.take(rest);
    this.socket.resume();
  }

  private take(piece: Buffer): void {
    for (const { command, end } of this.reader.readEnds(piece)) this.onCommand({ command, end: this.start + end });
  }

  private send(...words: readonly string[]): void {
    const parts = words.map((word) => `$${Buffer.byteLength(word)}${LINE_END}${word}${LINE_END}`);
    this.socket.write(`*${words.length}${LINE_END}${parts.join('')}`);
  }

  /** The next line. While it prepares its data a master sends empty ones. */
  private async line(): Promise<string> {
    for (;;) {
      while (this.data[0] === 10) this.data = this.data.subarray(1);
      const end = this.data.indexOf(LINE_END);
      if (end >= 0) {
        const line = this.data.toString('latin1', 0, end);
        this.data = this.data.subarray(end + LINE_END.length);
        return line;
      }
      await this.more();
    }
  }

  private async skip(bytes: number): Promise<void> {
    while (this.data.length < bytes) await this.more();
    this.data = this.data.subarray(bytes);
  }

  private async more(): Promise<void> {
    const piece = await new Promise<Buffer>((resolve, reject) => {
      const onData = (data: Buffer): void => {
        this.socket.off('close', onClose);
        this.socket.pause();
        resolve(data);
      };
      const onClose = (): void => reject(new Error('The master closed the connection of its replication stream'));
      this.socket.once('data', onData);
      this.socket.once('close', onClose);
      this.socket.resume();
    });
    this.data = Buffer.concat([this.data, piece]);
  }
}
