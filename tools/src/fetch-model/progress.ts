/** Observer of downloads. */
export interface Progress {
  /** A transfer begins after the bytes that exist already; `total` is the size of the whole file, if known. */
  started(path: string, bytes: number, total: number | undefined): void;
  advanced(path: string, bytes: number): void;
  finished(path: string, bytes: number): void;
  /** A message on a line of its own. */
  note(line: string): void;
}

/** Output of progress. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** One moment of a transfer. */
export interface Transfer {
  readonly path: string;
  readonly bytes: number;
  readonly total: number | undefined;
  /** Since the last connection, 0 while unknown. */
  readonly bytesPerSecond: number;
}

const BAR_CELLS = 24;
/** Least time between two redraws. */
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Bytes in a readable unit, in powers of ten. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** The line of a transfer, cut to the width of the screen, for a wrapped line cannot be redrawn. */
export function renderTransfer({ path, bytes, total, bytesPerSecond }: Transfer, columns: number): string {
  const speed = bytesPerSecond > 0 ? `  ${formatBytes(bytesPerSecond)}/s` : '';
  if (!total) return `${path}  ${formatBytes(bytes)}${speed}`.slice(0, columns);
  const share = Math.min(1, bytes / total);
  const filled = Math.floor(share * BAR_CELLS);
  const bar = `[${'='.repeat(filled)}${' '.repeat(BAR_CELLS - filled)}]`;
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `${path}  ${bar} ${percent}  ${formatBytes(bytes)} of ${formatBytes(total)}${speed}`.slice(0, columns);
}

/**
 * Shows a bar that is redrawn on a terminal; elsewhere one plain line per file, so that logs stay readable.
 * @param now - milliseconds
 */
export function showProgress(screen: Screen, now: () => number): Progress {
  const plain = plainLines(screen);
  return screen.isTTY ? redrawnBar(screen, plain, now) : plain;
}

function plainLines(screen: Screen): Progress {
  const line = (text: string): void => void screen.write(`${text}\n`);
  return {
    started: (path, bytes, total) =>
      line(
        bytes > 0
          ? `${path}: resuming after ${formatBytes(bytes)}`
          : `${path}: downloading${total === undefined ? '' : ` ${formatBytes(total)}`}`,
      ),
    advanced: () => undefined,
    finished: (path, bytes) => line(`${path}: ${formatBytes(bytes)}, done`),
    note: line,
  };
}

function redrawnBar(screen: Screen, plain: Progress, now: () => number): Progress {
  let start = { at: 0, bytes: 0, total: undefined as number | undefined };
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (path: string, bytes: number): void => {
    drawnAt = now();
    const seconds = (drawnAt - start.at) / 1000;
    const bytesPerSecond = seconds > 0 ? Math.round((bytes - start.bytes) / seconds) : 0;
    const line = renderTransfer({ path, bytes, total: start.total, bytesPerSecond }, (screen.columns ?? 80) - 1);
    screen.write(`${CLEAR_LINE}${line}`);
  };
  return {
    started: (path, bytes, total) => {
      start = { at: now(), bytes, total };
      draw(path, bytes);
    },
    advanced: (path, bytes) => {
      if (now() - drawnAt >= REDRAW_MS) draw(path, bytes);
    },
    finished: (path, bytes) => {
      screen.write(CLEAR_LINE);
      plain.finished(path, bytes);
    },
    note: (line) => {
      screen.write(CLEAR_LINE);
      plain.note(line);
    },
  };
}
