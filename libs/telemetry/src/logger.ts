import { type Clock, systemClock } from '@smart-support/contracts';
import { pino } from 'pino';
import { loggableFields } from './loggable-fields';
import { loggableText } from './loggable-text';

/** Levels of the log, most talkative first; `silent` writes nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Writes one line of the log: what it is about as fields, and a constant sentence. A logger of pino's fits too. */
export interface Logger {
  trace(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds the same fields to each of its lines. */
  child(fields: Record<string, unknown>): Logger;
}

/** Settings of {@link createLogger}. */
export interface LoggerOptions {
  /** The least important level that is written. */
  readonly level: LogLevel;
  /** Who is writing, for example `gateway`. */
  readonly name: string;
  /** Takes each line, line break included; left out, standard output does. */
  readonly destination?: { write(line: string): void };
  /** Dates the lines. */
  readonly clock?: Clock;
}

/**
 * A logger that writes one JSON object a line with pino. Ticket texts, subjects, metadata, requesters, secrets and
 * authorization headers are replaced by `[Redacted]` anywhere in the fields, errors are reduced to
 * type, code, message, stack and causes. Only the message itself is written as it is: pass what varies as a field.
 */
export function createLogger({ level, name, destination, clock = systemClock }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    name,
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    // Errors are plain before they get here; pino's own serializer would read them again.
    serializers: { err: (error: unknown) => error },
  };
  return withFields(destination ? pino(options, destination) : pino(options), {});
}

/**
 * Cleans fields before pino sees them. Children are kept here and not in pino, which trips over fields with the names
 * of inherited methods when it makes a child.
 */
function withFields(logger: pino.Logger, shared: Record<string, unknown>): Logger {
  const at = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](merged(shared, loggableFields(fields)), loggableText(message));
  };
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => withFields(logger, merged(shared, loggableFields(fields))),
  };
}

const merged = (first: Record<string, unknown>, second: Record<string, unknown>): Record<string, unknown> => ({
  ...first,
  ...second,
});
