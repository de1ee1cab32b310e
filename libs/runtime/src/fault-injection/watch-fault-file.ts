import { type FileHandle, open, stat } from 'node:fs/promises';
import type { TimerClock } from '@smart-support/contracts';
import { type Faults, LARGEST_FAULTS_BYTES, parseFaults } from './faults';

/** What {@link watchFaultFile} works with. */
export interface WatchFaultFileOptions {
  /** Path of the file. It may be missing: then there are no faults. */
  readonly file: string;
  readonly clock: TimerClock;
  /** Called with the faults from now on, whenever they change. */
  readonly onChange: (faults: Faults) => void;
  /** Called once for each thing that is wrong with the file; the faults before it go on. */
  readonly onError: (error: unknown) => void;
}

/** A watched fault injection file. */
export interface FaultFileWatcher {
  /** Looks at the file now. Otherwise it is looked at every second. */
  look(): Promise<void>;
  /** Stops watching and ends the faults. */
  stop(): void;
}

/** Represents a file that exists and cannot be read: no text of a file is a lone surrogate. */
const UNREADABLE = '\uD800';

/** How often the file is read, in milliseconds. */
const LOOK_MS = 1000;

/** Watches a fault injection file, so that an operator can inject faults into a running system with an editor. Its timer does not keep the process alive. */
export function watchFaultFile({ file, clock, onChange, onError }: WatchFaultFileOptions): FaultFileWatcher {
  let last = '';
  let stopped = false;
  let isInjecting = false;
  let cancel = (): void => undefined;

  const look = async (): Promise<void> => {
    let text: string;
    try {
      text = await read(file);
    } catch (error) {
      // Reported once, like everything that is wrong with the file.
      if (!stopped && last !== UNREADABLE) onError(error);
      last = UNREADABLE;
      return;
    }
    if (stopped || text === last) return;
    last = text;
    try {
      const faults = parseFaults(text);
      // No call as long as there never was a fault.
      const was = isInjecting;
      isInjecting = Object.keys(faults).length > 0;
      if (was || isInjecting) onChange(faults);
    } catch (error) {
      onError(error);
    }
  };
  const lookAgain = (): void => {
    cancel = clock.after(LOOK_MS, () => {
      void look().then(() => {
        if (!stopped) lookAgain();
      });
    });
  };
  void look();
  lookAgain();
  return {
    look,
    stop: () => {
      if (stopped) return;
      stopped = true;
      cancel();
      if (isInjecting) onChange({});
    },
  };
}

/** The file's text, hardly more than is allowed; nothing for a file that is not there, as when an editor is just replacing it. */
async function read(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    // Opening a pipe would wait for a writer.
    if (!(await stat(file)).isFile()) throw new Error(`${file} is not a file`);
    handle = await open(file);
    const buffer = Buffer.alloc(LARGEST_FAULTS_BYTES + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  } finally {
    await handle?.close();
  }
}
