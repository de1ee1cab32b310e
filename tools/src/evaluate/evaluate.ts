import type { TermContribution } from '@smart-support/contracts';
import { readableText } from '@smart-support/ticket-text';
import { Outcomes, predictAll, type WrongAnswer } from './outcomes';
import type { Predictor } from './predictor';
import { measure, type MeasureOptions, type Results } from './results';
import type { LabelledTicket } from './tickets/labelled-tickets';

/** Tickets under a name. */
export interface TicketSet {
  readonly name: string;
  readonly tickets: AsyncIterable<LabelledTicket> | Iterable<LabelledTicket>;
}

/** A mistake, as reports show it. */
export interface ShownMistake {
  readonly file: string;
  readonly line: number;
  /** The beginning of the ticket. */
  readonly excerpt: string;
  readonly label: string;
  readonly predicted: string;
  readonly confidence: number;
  readonly reviewReasons: readonly string[];
  /** The strongest terms, the strongest first. */
  readonly terms: readonly TermContribution[];
}

/** Results with what is needed to understand the mistakes. */
export interface ShownResults extends Omit<Results, 'mistakes'> {
  readonly mistakes: readonly ShownMistake[];
}

/** What a predictor reaches on each set of tickets. */
export interface Evaluation {
  readonly models: readonly string[];
  readonly files: readonly ShownResults[];
  /** On all tickets together; `null` where there is only one set. */
  readonly together: ShownResults | null;
}

/** Measures a predictor, also one that is not shipped (yet), on sets of labelled tickets, each of which is read once. */
export async function evaluate(
  sets: readonly TicketSet[],
  predictor: Predictor,
  options: MeasureOptions & { readonly onTickets?: (count: number) => void },
): Promise<Evaluation> {
  const parts: Outcomes[] = [];
  for (const { name, tickets } of sets) parts.push(await predictAll(name, tickets, predictor, options.onTickets));
  const shown = async (outcomes: Outcomes): Promise<ShownResults> => {
    const results = measure(outcomes, options);
    return { ...results, mistakes: await Promise.all(results.mistakes.map((mistake) => show(mistake, predictor))) };
  };
  return {
    models: predictor.models,
    files: await Promise.all(parts.map(shown)),
    together: parts.length > 1 ? await shown(Outcomes.together('all files', parts)) : null,
  };
}

const LONGEST_EXCERPT = 240;
const MOST_TERMS = 5;

async function show({ file, ticket, label, prediction }: WrongAnswer, predictor: Predictor): Promise<ShownMistake> {
  const words = [ticket.subject ?? '', ticket.text].map((part) => readableText(part).split(/\s+/u).join(' ').trim());
  const text = words.filter((part) => part !== '').join(' | ');
  return {
    file,
    line: ticket.line,
    excerpt: text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT).trimEnd()}…` : text,
    label,
    predicted: prediction.category,
    confidence: prediction.confidence,
    reviewReasons: prediction.review_reasons,
    terms: (await predictor.termsOf(ticket)).slice(0, MOST_TERMS),
  };
}
