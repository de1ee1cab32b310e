const LINE_END = '\r\n';

/**
 * Reads the commands of a Redis append-only file, piece by piece: `*2`, `$3`, `GET`, `$1`, `a`, each line ended by CR LF.
 * Lines that begin with `#` are Redis's own notes. Values are read as UTF-8, cut after a length: the audit needs names, not novels.
 */
export class CommandReader {
  private rest: Buffer = Buffer.alloc(0);
  private consumed = 0;

  /** @param longest - bytes that are kept of each value */
  constructor(private readonly longest: number) {}

  /**
   * Takes the next piece of the file.
   * @returns the commands that are complete with it
   * @throws Error where the file is none of Redis's
   */
  read(piece: Buffer): string[][] {
    return this.readEnds(piece).map(({ command }) => command);
  }

  /** As {@link read}, each with the bytes from the beginning to its end. */
  readEnds(piece: Buffer): { readonly command: string[]; readonly end: number }[] {
    const data = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const commands: { readonly command: string[]; readonly end: number }[] = [];
    let start = 0;
    for (;;) {
      const next = this.commandAt(data, start);
      if (!next) break;
      start = next.end;
      if (next.command) commands.push({ command: next.command, end: this.consumed + start });
    }
    this.rest = data.subarray(start);
    this.consumed += start;
    return commands;
  }

  /** Bytes of all commands that were complete. */
  get consumedBytes(): number {
    return this.consumed;
  }

  /** Bytes of a command whose end was never written: what was under way when Redis was killed. */
  get unfinishedBytes(): number {
    return this.rest.length;
  }

  private commandAt(data: Buffer, start: number): { readonly command?: string[]; readonly end: number } | undefined {
    const line = lineAt(data, start);
    if (!line) return undefined;
    if (line.text.startsWith('#')) return { end: line.end };
    const count = numberAfter('*', line.text);
    const command: string[] = [];
    let end = line.end;
    while (command.length < count) {
      const header = lineAt(data, end);
      if (!header) return undefined;
      const length = numberAfter('$', header.text);
      const next = header.end + length + LINE_END.length;
      if (next > data.length) return undefined;
      command.push(data.toString('utf8', header.end, header.end + Math.min(length, this.longest)));
      end = next;
    }
    return { command, end };
  }
}

function lineAt(data: Buffer, start: number): { readonly text: string; readonly end: number } | undefined {
  const end = data.indexOf(LINE_END, start);
  return end < 0 ? undefined : { text: data.toString('latin1', start, end), end: end + LINE_END.length };
}

function numberAfter(mark: string, line: string): number {
  const number = Number(line.slice(1));
  if (line[0] !== mark || !Number.isInteger(number) || number < 0)
    throw new Error(`This is no append-only file: "${line.slice(0, 40)}" where a line with ${mark} should be`);
  return number;
}
