import { createHash } from 'node:crypto';
import type { Vectoriser } from '@smart-support/contracts';
import {
  createUrgencyHead,
  type EmbedderName,
  findSignals,
  SIGNALS,
  type UrgencyHeadWeights,
} from '@smart-support/urgency';
import {
  encodeUrgencyHead,
  signalStrengths,
  type TrainedUrgencyHead,
  WordingVocabulary,
} from '@smart-support/urgency/training';
import type { LabelledTicket } from '../../dataset';
import { fitWeights, predict } from '../fit-weights';
import { type Calibration, calibrate, fitCalibration } from './calibrate';
import { chooseSettings, FIRST_SETTINGS, type HeadSettings, shippedRecipe, targetsOf } from './choose-settings';
import { agreementOf, gainOf, type Judges } from './figures';
import { urgencyHeadReport, type SecondRoundFindings, type VariantFindings } from './head-report-section';
import { headWeightsFile } from './head-weights-file';
import { type FittedRidge, fitRidge } from './kernel-ridge';
import { compare, measure, mix, placesOf, type TicketMeasures } from './likeness-parts';
import { pick, roundsOf, topicGroups } from './rounds';
import { scoresOfUntaught, scoresOutOfTopic, SHIPPED, variantsOf } from './variants';

/** What the head is trained with. */
export interface UrgencyHeadTrainingOptions {
  /** The classifier's view of a ticket, for the variants of the report that use it. The shipped head does not. */
  readonly vectoriser: Vectoriser;
  /** Which model made the vectors. */
  readonly embedder: EmbedderName;
  /** The baseline's out-of-topic score of each ticket. */
  readonly baselineScores: readonly number[];
  /** Of the bootstrap intervals. */
  readonly seed: number;
  /** Told what is being done; a training takes minutes. */
  readonly log?: (line: string) => void;
}

/** What a training of the urgency head gives. */
export interface UrgencyHeadTrainingResult {
  readonly weights: UrgencyHeadWeights;
  /** New content of `libs/urgency/src/head/head-weights.ts`. */
  readonly weightsFileContent: string;
  /** Markdown for `data/report.md`. */
  readonly reportSection: string;
  /** Out-of-topic score of each ticket, in the order of the tickets. */
  readonly crossValidated: readonly number[];
}

/** Ridge penalty of the baseline that the second round is compared with; the figures of others hardly differ. */
const BASELINE_RIDGE = 1;

/** Packing may move the score of no training ticket by as much. */
const LARGEST_SHIFT = 0.01;

const rounded = (value: number): number => Number(value.toFixed(4)) + 0;

/**
 * Trains the urgency head: settings by leave-one-topic-out on the first round of tickets alone, so that the second stays a test; figures
 * out of topic for what it could be made of; then the head itself from all tickets. The same input gives the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 * @throws Error when packing changes a score by 0.01 or more
 */
export function trainUrgencyHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  options: UrgencyHeadTrainingOptions,
): UrgencyHeadTrainingResult {
  const { vectoriser, baselineScores, seed, log = () => undefined } = options;
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const labels = tickets.map(({ urgency }) => urgency);
  const judges = { topics: tickets.map(({ topic }) => topic), labels, seed };
  const { first, second } = roundsOf(tickets);
  const taught = first.length === 0 ? second : first;

  log('  settings, on the first round');
  const knownTickets = pick(tickets, taught);
  const knownVectors = pick(vectors, taught);
  const { settings, tried } = chooseSettings(
    knownTickets,
    knownVectors,
    compare(knownTickets, knownVectors, measure(knownTickets, knownVectors, FIRST_SETTINGS.components), vectoriser),
  );

  log('  variants, leaving out one topic after the other');
  const measures = measure(tickets, vectors, settings.components);
  const parts = compare(tickets, vectors, measures, vectoriser);
  const groups = topicGroups(tickets);
  const variants = variantsOf(settings).map(([name, recipe]): VariantFindings => {
    const { answers, scores } = scoresOutOfTopic(parts, recipe, { settings, labels, groups });
    return { name, recipe, answers, scores, agreement: agreementOf(scores, judges) };
  });
  const shipped = variants.find(({ name }) => name === SHIPPED);
  if (!shipped) throw new Error('The shipped variant was not tried');
  const secondRound =
    first.length > 0 && second.length > 0
      ? judgeSecondRound(tickets, vectors, { ...options, settings, variants, shipped })
      : undefined;

  log('  the head, from all tickets');
  const targets = targetsOf(labels, settings.labelMargin);
  const fitted = fitRidge(mix(parts, shippedRecipe(settings)), targets, settings.ridge);
  const calibration = fitCalibration(shipped.answers, labels);
  const { spearman, error } = shipped.agreement;
  const [low, high] = spearman.interval;
  const weights = encodeUrgencyHead({
    ...assemble(tickets, vectors, { measures, settings, fitted, calibration }),
    embedder: options.embedder,
    training: {
      data_sha256: createHash('sha256')
        .update(JSON.stringify(tickets.map(({ id, text, topic, urgency }) => [id, text, topic, urgency])))
        .digest('hex'),
      topics: groups.length,
      seed,
      ridge: settings.ridge,
      wording_weight: settings.wordingWeight,
      label_margin: settings.labelMargin,
      leave_one_topic_out: {
        spearman: rounded(spearman.value),
        spearman_interval: [rounded(low), rounded(high)],
        mean_absolute_error: rounded(error.value),
      },
    },
  });
  // For a training ticket the regression answers its target less its relevance times the penalty.
  const exact = targets.map((target, i) =>
    calibrate(calibration, target - settings.ridge * (fitted.relevances[i] ?? 0)),
  );
  const shift = largestShift(tickets, vectors, weights, exact);
  const baseline = {
    scores: baselineScores,
    agreement: agreementOf(baselineScores, judges),
    gain: gainOf(shipped.scores, baselineScores, judges),
  };
  return {
    weights,
    weightsFileContent: headWeightsFile(weights),
    reportSection: urgencyHeadReport({
      tickets,
      weights,
      settings,
      tried,
      variants,
      scores: shipped.scores,
      baseline,
      secondRound,
      shift,
    }),
    crossValidated: shipped.scores,
  };
}

/** What the variants and the baseline reach on tickets that were written when the signals' patterns were finished. */
function judgeSecondRound(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  given: UrgencyHeadTrainingOptions & {
    readonly settings: HeadSettings;
    readonly variants: readonly VariantFindings[];
    readonly shipped: VariantFindings;
  },
): SecondRoundFindings {
  const { settings, variants, shipped, baselineScores, vectoriser, seed, log = () => undefined } = given;
  log('  the second round, taught by the first alone');
  const { first, second } = roundsOf(tickets);
  const labels = tickets.map(({ urgency }) => urgency);
  const judges: Judges = {
    topics: pick(tickets, second).map(({ topic }) => topic),
    labels: pick(labels, second),
    seed,
  };
  const known = pick(tickets, first);
  const measures = measure(known, pick(vectors, first), settings.components);
  const parts = compare(tickets, vectors, measures, vectoriser);
  const context = { settings, labels, train: first, groups: topicGroups(known), asked: second };
  const untaught = variants.map(({ recipe }) => scoresOfUntaught(parts, recipe, context));
  const untaughtBaseline = baselineTaughtBy(known, pick(tickets, second));
  const untaughtHead = untaught[variants.indexOf(shipped)] ?? [];
  const leftOutBaseline = pick(baselineScores, second);
  return {
    tickets: second.length,
    leftOut: variants.map(({ scores }) => agreementOf(pick(scores, second), judges)),
    untaught: untaught.map((scores) => agreementOf(scores, judges)),
    baseline: { leftOut: agreementOf(leftOutBaseline, judges), untaught: agreementOf(untaughtBaseline, judges) },
    gain: {
      leftOut: gainOf(pick(shipped.scores, second), leftOutBaseline, judges),
      untaught: gainOf(untaughtHead, untaughtBaseline, judges),
    },
  };
}

/** The baseline's scores of tickets when its weights come from others. */
function baselineTaughtBy(known: readonly LabelledTicket[], asked: readonly LabelledTicket[]): number[] {
  const vectorOf = ({ text }: LabelledTicket): Float64Array => findSignals(text).vector;
  const signs = SIGNALS.map(({ direction }) => (direction === 'raises' ? 1 : -1));
  const observations = { vectors: known.map(vectorOf), scores: known.map(({ urgency }) => urgency) };
  const fitted = fitWeights(observations, signs, BASELINE_RIDGE);
  return asked.map((ticket) => predict(fitted, vectorOf(ticket)));
}

function assemble(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  learnt: {
    readonly measures: TicketMeasures;
    readonly settings: HeadSettings;
    readonly fitted: FittedRidge;
    readonly calibration: Calibration;
  },
): Omit<TrainedUrgencyHead, 'embedder' | 'training'> {
  const { measures, settings, fitted, calibration } = learnt;
  const { features, frequencies, components, directions, signalScales } = measures;
  const vocabulary = new WordingVocabulary(features, frequencies, tickets.length);
  const featureWeights = new Float64Array(features.length);
  tickets.forEach(({ text }, i) => {
    const { positions, values } = vocabulary.vectorOf(text);
    const factor = settings.wordingWeight * (fitted.relevances[i] ?? 0);
    positions.forEach(
      (position, k) => (featureWeights[position] = (featureWeights[position] ?? 0) + factor * (values[k] ?? 0)),
    );
  });
  return {
    dimensions: vectors[0]?.length ?? 0,
    components,
    tickets: tickets.length,
    meaningWidth: settings.meaningWidth,
    signalWidth: settings.signalWidth,
    signalScales,
    slope: rounded(calibration.slope),
    bias: rounded(calibration.bias + calibration.slope * fitted.mean),
    directions,
    relevances: fitted.relevances,
    meanings: placesOf(measures, vectors),
    signals: Float64Array.from(tickets.flatMap(({ text }) => [...signalStrengths(findSignals(text).vector)])),
    features,
    frequencies,
    featureWeights,
  };
}

/** By how much the packed head's score of a training ticket differs at most from that of the regression itself. */
function largestShift(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  weights: UrgencyHeadWeights,
  exact: readonly number[],
): number {
  const head = createUrgencyHead({ weights });
  const shifts = tickets.map(({ text }, i) => {
    if (!findSignals(text).saysSomething) return 0;
    const vector = vectors[i];
    return Math.abs(head.score(vector ? { text, vector } : { text }).urgency_score - (exact[i] ?? 0));
  });
  const shift = Math.max(0, ...shifts);
  if (shift >= LARGEST_SHIFT) throw new Error(`Packing the urgency head moves a score by ${shift}`);
  return shift;
}
