import type { Request, Response } from 'express';
import { callerName } from './caller';

type Connection = Request['socket'];

/** Answers on one connection. */
interface Unsent {
  characters: number;
  /** Whose answers they are. */
  readonly owner: string;
  readonly forget: () => void;
}

/**
 * Bounds the memory of answers that callers have not read yet. Where there is no space for one more, the connection of the caller with the most unread answers that
 * has read nothing for the longest is cut off: a caller that asks for much and reads nothing loses only its own connections.
 */
export class UnsentAnswers {
  private bytes = 0;
  /** By connection, least recently read first. */
  private readonly waiting = new Map<Connection, Unsent>();
  /** Characters of each caller. */
  private readonly bytesOf = new Map<string, number>();

  /** @param most - characters of answers, of all connections together */
  constructor(private readonly most: number) {}

  /** Counts an answer until it has left or its connection has ended, and ends others where there is no space for it. @param length - in characters */
  add(response: Response, length: number): void {
    const { socket } = response.req;
    if (socket.destroyed) return;
    const unsent = this.waiting.get(socket) ?? this.begin(response.req);
    this.count(unsent, length);
    response.once('close', () => {
      // Otherwise the whole connection was given up before.
      if (this.waiting.get(socket) !== unsent) return;
      this.count(unsent, -length);
      if (unsent.characters === 0) this.end(socket, unsent);
    });
    while (this.bytes > this.most) {
      const found = this.mostSilentOf(this.largestOwner());
      // An answer that is larger than all that may wait has the space for itself.
      if (!found || this.waiting.size === 1) return;
      this.end(...found);
      found[0].destroy();
    }
  }

  /** The caller has read some of an answer. */
  noteProgress({ req: { socket } }: Response): void {
    const unsent = this.waiting.get(socket);
    if (!unsent) return;
    this.waiting.delete(socket);
    this.waiting.set(socket, unsent);
  }

  private begin(request: Request): Unsent {
    const { socket } = request;
    // An answer that waits behind another one on its connection does not learn of its end.
    const unsent: Unsent = { characters: 0, owner: callerName(request), forget: () => this.end(socket, unsent) };
    socket.once('close', unsent.forget);
    this.waiting.set(socket, unsent);
    return unsent;
  }

  private end(socket: Connection, unsent: Unsent): void {
    socket.off('close', unsent.forget);
    this.count(unsent, -unsent.characters);
    this.waiting.delete(socket);
  }

  private count(unsent: Unsent, change: number): void {
    unsent.characters += change;
    this.bytes += change;
    const ofOwner = (this.bytesOf.get(unsent.owner) ?? 0) + change;
    if (ofOwner === 0) this.bytesOf.delete(unsent.owner);
    else this.bytesOf.set(unsent.owner, ofOwner);
  }

  private largestOwner(): string | undefined {
    let largest: string | undefined;
    for (const [owner, bytes] of this.bytesOf)
      if (bytes > (largest === undefined ? 0 : (this.bytesOf.get(largest) ?? 0))) largest = owner;
    return largest;
  }

  private mostSilentOf(owner: string | undefined): [Connection, Unsent] | undefined {
    for (const [socket, unsent] of this.waiting) if (unsent.owner === owner) return [socket, unsent];
    return undefined;
  }
}
