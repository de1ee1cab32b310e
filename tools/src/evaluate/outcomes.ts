import { CATEGORIES, REVIEW_REASONS, type ReviewReason } from '@smart-support/contracts';
import { type Label, LABELS, NONE } from './tickets/labels';
import type { LabelledTicket, TicketText } from './tickets/labelled-tickets';
import type { Predictor, TicketPrediction } from './predictor';

/** How many of the most confident mistakes are shown. */
export const MOST_MISTAKES = 20;

/** How many tickets are under way at a time. */
const TOGETHER = 32;

/** A ticket whose category is wrong, or that belongs to none and is not flagged. */
export interface WrongAnswer {
  readonly file: string;
  readonly ticket: TicketText & { readonly line: number };
  readonly label: Label;
  readonly prediction: TicketPrediction;
}

/** What was predicted for the tickets of a file, in columns: some dozen bytes a ticket, however long its text is. */
export class Outcomes {
  /** Position of the label in `LABELS`, -1 without one. */
  readonly truth: number[] = [];
  /** Position of the predicted category. A ticket that belongs to no category and is flagged counts as recognised, `none`. */
  readonly predicted: number[] = [];
  readonly confidence: number[] = [];
  /** One bit for each of `REVIEW_REASONS`. */
  readonly reasons: number[] = [];
  readonly urgencyScores: number[] = [];
  /** NaN without one. */
  readonly urgencyLabels: number[] = [];
  /** Empty for a topic of its own. */
  readonly topics: string[] = [];
  /** The most confident wrong answers, the most confident first. */
  readonly mistakes: WrongAnswer[] = [];
  /** Tickets for which another model answered than the one that is measured. */
  degraded = 0;

  /** @param file - what the tickets are called in reports */
  constructor(readonly file: string) {}

  /** Number of tickets. */
  get size(): number {
    return this.truth.length;
  }

  /** Adds what was predicted for a ticket. */
  addPrediction(ticket: LabelledTicket, prediction: TicketPrediction): void {
    const { category, confidence, review_reasons, urgency_score } = prediction;
    const isFlagged = review_reasons.length > 0;
    const label = ticket.category;
    const predicted = label === NONE && isFlagged ? NONE : category;
    this.topics.push(ticket.topic ?? '');
    this.truth.push(label === undefined ? -1 : LABELS.indexOf(label));
    this.predicted.push(LABELS.indexOf(predicted));
    this.confidence.push(confidence);
    this.reasons.push(bitsOf(review_reasons));
    this.urgencyScores.push(urgency_score);
    this.urgencyLabels.push(ticket.urgency ?? NaN);
    if (prediction.degraded) this.degraded += 1;
    if (label !== undefined && predicted !== label) this.noteMistake(ticket, label, prediction);
  }

  private noteMistake({ line, text, subject }: LabelledTicket, label: Label, prediction: TicketPrediction): void {
    const { mistakes } = this;
    const last = mistakes.at(-1);
    if (mistakes.length === MOST_MISTAKES && last && last.prediction.confidence >= prediction.confidence) return;
    mistakes.push({ file: this.file, ticket: { line, text, subject }, label, prediction });
    mistakes.sort((a, b) => b.prediction.confidence - a.prediction.confidence);
    mistakes.splice(MOST_MISTAKES);
  }

  /** The outcomes of several files as those of one. */
  static together(name: string, parts: readonly Outcomes[]): Outcomes {
    const all = new Outcomes(name);
    for (const part of parts) {
      for (let i = 0; i < part.size; i++) {
        for (const column of COLUMNS) (all[column] as unknown[]).push(part[column][i]);
      }
      all.degraded += part.degraded;
    }
    const mistakes = parts.flatMap((part) => part.mistakes);
    all.mistakes.push(
      ...mistakes.sort((a, b) => b.prediction.confidence - a.prediction.confidence).slice(0, MOST_MISTAKES),
    );
    return all;
  }
}

const COLUMNS = ['truth', 'predicted', 'confidence', 'reasons', 'urgencyScores', 'urgencyLabels', 'topics'] as const;

const bitsOf = (reasons: readonly ReviewReason[]): number =>
  reasons.reduce((bits, reason) => bits | (1 << REVIEW_REASONS.indexOf(reason)), 0);

/** Whether a reason is among those of a ticket. */
export const hasReason = (bits: number, reason: ReviewReason): boolean =>
  (bits & (1 << REVIEW_REASONS.indexOf(reason))) !== 0;

/** Whether the label is a category of ours. */
export const isCategory = (label: number): boolean => label >= 0 && label < CATEGORIES.length;

/**
 * Asks a predictor about tickets, some at a time and in their order. Tickets are not kept.
 * @param name - what the tickets are called in reports
 * @param onTickets - called after each group with its size
 */
export async function predictAll(
  name: string,
  tickets: AsyncIterable<LabelledTicket> | Iterable<LabelledTicket>,
  predictor: Predictor,
  onTickets: (count: number) => void = () => undefined,
): Promise<Outcomes> {
  const outcomes = new Outcomes(name);
  let group: LabelledTicket[] = [];
  const askGroup = async (): Promise<void> => {
    const predictions = await Promise.all(group.map((ticket) => predictor.predict(ticket)));
    group.forEach((ticket, i) => outcomes.addPrediction(ticket, predictions[i] as TicketPrediction));
    onTickets(group.length);
    group = [];
  };
  for await (const ticket of tickets) {
    group.push(ticket);
    if (group.length === TOGETHER) await askGroup();
  }
  if (group.length > 0) await askGroup();
  return outcomes;
}
