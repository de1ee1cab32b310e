import {
  CATEGORIES,
  type Category,
  type CategoryReasons,
  type ExplanationReport,
  type ModelInfo,
  type ModelInput,
  type TicketExplanation,
  type TicketRecord,
  type UrgencyHit,
} from '@smart-support/contracts';
import { type Answerer, type TicketModels, transformersOf } from './models';
import { textOf } from './understand';

/** What a ticket is explained by. */
export interface Explained extends Pick<TicketRecord, 'explanation' | 'source'> {
  readonly ticket: Pick<TicketRecord['ticket'], 'text' | 'subject'>;
}

/** Most characters of what was read that an explanation shows. */
const LONGEST_READ = 2_000;

/**
 * Adds to the kept reasons what follows from the text: the terms, the part of the meaning, and the urgency patterns.
 * They are computed only by the very model version that decided; another version would give other reasons.
 */
export async function explain(record: Explained, models: TicketModels): Promise<ExplanationReport> {
  const { category, urgency } = record.explanation;
  const text = textOf(record.ticket);
  const { baseline } = models;
  const heavy = transformersOf(models);
  const classifier = category && whoDecided(category.model, baseline.classifier, heavy?.classifier);
  const scorer = urgency && whoDecided(urgency.model, baseline.urgency, heavy?.urgency);

  const needsVector = [classifier, scorer].some((answerer) => answerer?.reads === 'vector');
  const vector = needsVector ? await vectorOf(text, models) : undefined;
  const input: ModelInput = vector ? { text, vector } : { text };
  return {
    ...record.explanation,
    read: isAsSent(text, record.ticket) ? null : text.slice(0, LONGEST_READ).toWellFormed(),
    source: record.source,
    category: category && {
      ...category,
      ...(await reasonsOf(classifier, category, input)),
    },
    urgency: urgency && { ...urgency, hits: scorer ? await hitsOf(scorer, input) : null },
  };
}

/** Whether all of a ticket's subject and text was read, whatever its white space. */
function isAsSent(read: string, { subject, text }: Explained['ticket']): boolean {
  const words = (from: string): string => from.trim().split(/\s+/).join(' ');
  return words(read) === words(`${subject ?? ''} ${text}`);
}

type Decider<Model extends { readonly model: ModelInfo }> =
  Answerer<Model> | { readonly reads: 'words'; readonly model: Model };

/** The model that gave the answer, if it is here in the same version. */
function whoDecided<Model extends { readonly model: ModelInfo }>(
  decided: ModelInfo,
  baseline: Model,
  transformer: Answerer<Model> | undefined,
): Decider<Model> | undefined {
  const isIt = ({ model }: Model): boolean => model.name === decided.name && model.version === decided.version;
  if (isIt(baseline)) return { reads: 'words', model: baseline };
  return transformer && isIt(transformer.model) ? transformer : undefined;
}

async function reasonsOf(
  decider: Decider<TicketModels['baseline']['classifier']> | null | undefined,
  { scores }: NonNullable<TicketExplanation['category']>,
  input: ModelInput,
): Promise<CategoryReasons | { readonly terms: null; readonly meaning: null }> {
  if (!decider || decider.reads === 'text') return { terms: null, meaning: null };
  const [winner, second] = [...CATEGORIES].sort((a, b) => scores[b] - scores[a]) as [Category, Category, Category];
  return decider.model.explain(input, { between: [winner, second] });
}

/** A heavy model of the user's own knows no patterns, and is not asked again for that. */
async function hitsOf(
  { reads, model }: Decider<TicketModels['baseline']['urgency']>,
  input: ModelInput,
): Promise<readonly UrgencyHit[] | null> {
  if (reads === 'text') return null;
  if (reads === 'vector' && !input.vector) return null;
  return (await model.score(input)).hits;
}

/** The text's vector once more; `undefined` while the model does not answer. */
async function vectorOf(text: string, models: TicketModels): Promise<Float32Array | undefined> {
  const embedder = transformersOf(models)?.embedder;
  if (!embedder) return undefined;
  const { model, guard } = embedder;
  const reply = await guard.ask((options) => model.embed(text, options));
  return reply.answered ? reply.value.vector : undefined;
}
