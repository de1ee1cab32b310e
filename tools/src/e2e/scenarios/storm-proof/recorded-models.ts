import { setTimeout as sleep } from 'node:timers/promises';
import {
  createClassifierBaseline,
  createClassifierHead,
  createFailureBaseline,
  createFailureHead,
  createWordVectoriser,
} from '@smart-support/classifier';
import type { Embedder, ModelInfo, UrgencyScorer } from '@smart-support/contracts';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import type { TicketModels, TransformerModels } from '@smart-support/pipeline';
import { embedTexts } from '../../../train/embed-tickets';
import { randomFrom } from '../../../train/random';
import type { ComparedText } from './similarity';

/** A text with the results of the models. */
export interface RecordedText extends ComparedText {
  readonly urgency: number;
}

/** The results of the real model for some texts; the urgencies are invented, so that some are above the threshold of alerts and some not. */
export interface Recording {
  readonly embedder: { readonly name: string; readonly version: string };
  readonly texts: ReadonlyMap<string, RecordedText>;
}

/** How recorded models answer. */
export interface RecordedAnswers {
  /** Delay of the next answer, in milliseconds. */
  readonly delayMs: () => number;
  /** Called when a text is read. */
  readonly onAsked: () => void;
}

type EmbedderGuard = NonNullable<TransformerModels['embedder']>['guard'];

const URGENCY_SEED = 20_261_127;
const NO_REPORT = {
  tokens: 1,
  unknown_tokens: 0,
  truncated: false,
  cached: false,
  timings: { queue_ms: 0, tokenise_ms: 0, inference_ms: 0 },
};
const words = createWordVectoriser();
const classifierBaseline = createClassifierBaseline();
const classifierHead = createClassifierHead();
const failureBaseline = createFailureBaseline();
const failureHead = createFailureHead();

/** Records the results of the real model for texts. */
export async function recordTexts(texts: readonly string[]): Promise<Recording> {
  const { vectors, embedder } = await embedTexts(MODEL_DIRECTORY, texts);
  const random = randomFrom(URGENCY_SEED);
  const recorded = texts.map((text, index): [string, RecordedText] => {
    const vector = vectors[index];
    if (!vector) throw new Error('A text has no vector');
    return [text, { text, vector, words: words.vectorise(text), urgency: Math.round(1000 * random()) / 1000 }];
  });
  return { embedder, texts: new Map(recorded) };
}

/** The recording of a text. @throws Error for a text without one */
export function recordedText({ texts }: Recording, text: string): RecordedText {
  const found = texts.get(text);
  if (!found) throw new Error(`Not recorded: "${text}"`);
  return found;
}

/** Models that return the recording after a delay. Category and words come from the engine's own light models. */
export function recordedModels(recording: Recording, { delayMs, onAsked }: RecordedAnswers): TicketModels {
  const scorer = (model: ModelInfo): UrgencyScorer => ({
    model,
    score: ({ text }) => ({ urgency_score: recordedText(recording, text).urgency, hits: [], model }),
  });
  const embedder: Embedder = {
    ...recording.embedder,
    maxTokens: 256,
    dimensions: 384,
    embed: async (text) => {
      onAsked();
      await sleep(delayMs());
      return { ...NO_REPORT, vector: recordedText(recording, text).vector };
    },
  };
  return {
    baseline: {
      classifier: classifierBaseline,
      urgency: scorer({ family: 'baseline', name: 'recorded', version: '1' }),
      words,
      failure: failureBaseline,
    },
    transformer: {
      embedder: { model: embedder, guard: noGuard() },
      classifier: { reads: 'vector', model: classifierHead },
      urgency: { reads: 'vector', model: scorer({ family: 'transformer', name: 'recorded', version: '1' }) },
      failure: failureHead,
    },
  };
}

/** A guard that always asks: a recorded answer is never late. */
function noGuard(): EmbedderGuard {
  const guard: Pick<EmbedderGuard, 'ask' | 'state'> = {
    state: 'closed',
    ask: async (call) => ({ answered: true, value: await call({}) }),
  };
  return guard as EmbedderGuard;
}
