/** The part of a piece of a reply that still arrives before a cut: never all of it. @param part - in [0, 1) */
export function arrivingPart(piece: Buffer, part: number): Buffer {
  return piece.subarray(0, Math.floor(piece.length * part));
}

/** Cuts that are due: each on the n-th piece of a reply from when it was ordered. */
export class DueCuts {
  private readonly waiting: { left: number; readonly part: number }[] = [];

  /** Orders a cut. */
  schedule(reply: number, part: number): void {
    this.waiting.push({ left: reply, part });
  }

  /** Counts a piece of a reply. @returns where to cut it, if it is the one */
  count(): number | undefined {
    for (const cut of this.waiting) cut.left -= 1;
    const due = this.waiting.findIndex(({ left }) => left <= 0);
    return due < 0 ? undefined : this.waiting.splice(due, 1)[0]?.part;
  }
}
