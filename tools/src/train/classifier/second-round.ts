import { topicFolds } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { argmax } from '../metrics';
import { EXPERIMENT_FOLDS } from './experiments';
import type { Evaluation } from './evaluation';
import type { FitOptions } from './fit-classifier';
import { type EmbeddingFitOptions, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { fitFusion, fuse } from './fusion';
import { type Figure, HEAD_PARTS, type HeadPart, meanFigure } from './head-evaluation';
import { outOfTopicLogits } from './out-of-topic';

/** What the parts of the head reach on the tickets of the second round of writing. */
export interface SecondRound {
  readonly tickets: number;
  /** Accuracy when a model learns from everything but the ticket's topic, the other topics of the second round included. */
  readonly leftOut: Readonly<Record<HeadPart, Figure>>;
  /** Accuracy when a model learns from the first round alone: what new writers and new matters cost. */
  readonly untaught: Readonly<Record<HeadPart, Figure>>;
}

/** Tickets of the second round have ids that begin with this. */
const SECOND_ROUND = 'x';

/** Measures on the second round; nothing if the tickets are all of one round. */
export function judgeSecondRound(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  context: {
    readonly evaluations: Readonly<Record<HeadPart, Evaluation>>;
    readonly words: FitOptions;
    readonly meaning: EmbeddingFitOptions;
    readonly seed: number;
  },
): SecondRound | undefined {
  const { evaluations, seed } = context;
  const positions = tickets.map((_, i) => i);
  const second = positions.filter((i) => tickets[i]?.id.startsWith(SECOND_ROUND));
  const first = positions.filter((i) => !tickets[i]?.id.startsWith(SECOND_ROUND));
  if (first.length === 0 || second.length === 0) return undefined;
  const labels = labelsOf(tickets);
  const topics = second.map((i) => tickets[i]?.topic ?? '');
  const figures = (right: (part: HeadPart, i: number) => boolean): Record<HeadPart, Figure> => {
    const of = (part: HeadPart) =>
      meanFigure(
        topics,
        second.map((i) => (right(part, i) ? 1 : 0)),
        seed,
      );
    const [baseline, embedding, fused] = HEAD_PARTS.map(of) as [Figure, Figure, Figure];
    return { baseline, embedding, fused };
  };
  const untaught = logitsOfUntaught(tickets, vectors, { ...context, first, second });
  return {
    tickets: second.length,
    leftOut: figures((part, i) => evaluations[part].answers[i]?.right ?? false),
    untaught: figures((part, i) => argmax(untaught[part][i] ?? []) === labels[i]),
  };
}

/** Everything is learnt from the first round: words, meaning, and on folds of its topics how to fuse them. */
function logitsOfUntaught(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  given: {
    readonly first: readonly number[];
    readonly second: readonly number[];
    readonly words: FitOptions;
    readonly meaning: EmbeddingFitOptions;
    readonly seed: number;
  },
): Record<HeadPart, number[][]> {
  const { first, second } = given;
  const known = first.flatMap((i) => tickets[i] ?? []);
  const taught = { vectors: first.flatMap((i) => vectors[i] ?? []), labels: labelsOf(known) };
  const folds = topicFolds(known, EXPERIMENT_FOLDS, given.seed);
  const parts = {
    words: outOfTopicLogits(known, folds, given.words),
    meaning: outOfFoldEmbeddingLogits(taught, folds, given.meaning),
  };
  const weights = fitFusion(parts, taught.labels);
  const split = [{ train: first, test: second }];
  const baseline = outOfTopicLogits(tickets, split, given.words);
  const embedding = outOfFoldEmbeddingLogits({ vectors, labels: labelsOf(tickets) }, split, given.meaning);
  const fused: number[][] = [];
  for (const i of second) fused[i] = fuse(baseline[i] ?? [], embedding[i] ?? [], weights);
  return { baseline, embedding, fused };
}
