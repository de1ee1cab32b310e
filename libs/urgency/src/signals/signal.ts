/** The lines of `data/rubric.md` that signals stand for: six that raise and tone, which may raise a little; the rest lower. */
export type RubricLine =
  | 'harm'
  | 'reach'
  | 'work_stopped'
  | 'deadline'
  | 'exposure'
  | 'repeat_contact'
  | 'tone'
  | 'solved'
  | 'nothing_asked'
  | 'question_only'
  | 'way_round'
  | 'no_rush'
  | 'small_matter';

/** Something people write that says how soon somebody must act. */
export interface Signal {
  /** Stable name, for example `deadline_today`. */
  readonly name: string;
  /** The line of the rubric it belongs to. */
  readonly rubric: RubricLine;
  /** Whether finding it may only raise or only lower the score; the sign of its weight obeys. */
  readonly direction: 'raises' | 'lowers';
  /** Whether a negation in front cancels it: "nobody was hurt". Times and counts are not: "not paid by Friday" still names Friday. */
  readonly negatable: boolean;
  /**
   * What to look for, tried at the start of every word of the normalised text (lower case, single blanks, straight quotes)
   * and of every run of question marks, matching whole words only. Each begins with a plain letter, a digit, `\?` or a group
   * of alternatives that do, and repeats nothing without a bound, so that the cost of a text is its words times a constant.
   */
  readonly phrases: readonly RegExp[];
}
