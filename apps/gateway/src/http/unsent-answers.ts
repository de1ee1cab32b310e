import type { Response } from 'express';

/** Answers on one connection. */
interface Unsent {
  characters: number;
  readonly forget: () => void;
}

/**
 * Bounds the memory of answers that callers have not read yet. Where there is no space for one more, the connection that has read nothing for the longest is
 * cut off: a caller that reads keeps its place, however slow its line is, and one that asks for much and reads nothing makes room for all others.
 */
export class UnsentAnswers {
  private held = 0;
  /** By connection; the one that read last stands at the end. */
  private readonly waiting = new Map<Response['req']['socket'], Unsent>();

  /** @param most - characters of answers, of all connections together */
  constructor(private readonly most: number) {}

  /** Counts an answer until it has left or its connection has ended, and makes room for it. @param length - in characters */
  add(response: Response, length: number): void {
    const { socket } = response.req;
    if (socket.destroyed) return;
    const unsent = this.waiting.get(socket) ?? this.begin(socket);
    unsent.characters += length;
    this.held += length;
    response.once('close', () => {
      // Otherwise the whole connection was given up before.
      if (this.waiting.get(socket) !== unsent) return;
      unsent.characters -= length;
      this.held -= length;
      if (unsent.characters === 0) this.end(socket, unsent);
    });
    this.noteProgress(response);
    for (const [other, ofOther] of this.waiting) {
      if (this.held <= this.most || other === socket) return;
      this.end(other, ofOther);
      other.destroy();
    }
  }

  /** The caller has read some of an answer. */
  noteProgress({ req: { socket } }: Response): void {
    const unsent = this.waiting.get(socket);
    if (!unsent) return;
    this.waiting.delete(socket);
    this.waiting.set(socket, unsent);
  }

  private begin(socket: Response['req']['socket']): Unsent {
    // An answer that waits behind another one on its connection does not learn of its end.
    const unsent: Unsent = { characters: 0, forget: () => this.end(socket, unsent) };
    socket.once('close', unsent.forget);
    this.waiting.set(socket, unsent);
    return unsent;
  }

  private end(socket: Response['req']['socket'], unsent: Unsent): void {
    socket.off('close', unsent.forget);
    this.held -= unsent.characters;
    this.waiting.delete(socket);
  }
}
