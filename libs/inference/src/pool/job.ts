import type { Answer, Question } from '../thread-protocol';

/** One run that the pool has been asked for. */
export interface Job {
  readonly question: Question;
  /** Called once, when its first run starts, with that time on the clock's monotonic scale. Must not throw. */
  readonly onStart: (at: number) => void;
  readonly onAnswer: (answer: Answer) => void;
  readonly onError: (error: unknown) => void;
  /** How many runs of it have started. */
  tries: number;
}
