import { CATEGORIES } from '@smart-support/contracts';
import { FetchFailed } from './errors';
import { type FetchedModel, fetchModel } from './fetch-model';
import { Hub } from './hub';
import { type Screen, showProgress } from './progress';
import { type ModelRequest, readRequest } from './request';
import type { Patience } from './retries';

/** What the command meets around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. */
  readonly workingDirectory: string;
  /** For the result. */
  readonly output: Screen;
  /** For progress and errors. */
  readonly messages: Screen;
  readonly patience: Patience;
  /** Milliseconds. */
  now(): number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The command from arguments to exit code.
 * @returns 0 when the model is there, 1 after one sentence about why it is not
 */
export async function runFetchModel(args: readonly string[], around: Surroundings): Promise<0 | 1> {
  const { environment, messages, patience, signal } = around;
  const progress = showProgress(messages, () => around.now());
  try {
    const request = readRequest(args, around.workingDirectory);
    const hub = new Hub(environment['HF_ENDPOINT'] || 'https://huggingface.co', environment['HF_TOKEN'] || undefined);
    const fetched = await fetchModel(request, { hub, patience, progress, signal });
    for (const line of describeResult(request, fetched)) around.output.write(`${line}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof FetchFailed)) throw error;
    progress.note(error.message);
    return 1;
  }
}

/** What the user does next. */
export function describeResult(request: ModelRequest, fetched: FetchedModel): readonly string[] {
  const { setting, labels, architecture, downloaded, kept, unchecked } = fetched;
  const lines = [
    `${request.repository} (${request.dtype}) is in ${request.directory}: ` +
      `${downloaded.length} files downloaded, ${kept.length} already there.`,
  ];
  if (unchecked.length > 0)
    lines.push(`The server told no hash of ${unchecked.join(', ')}: only lengths were compared. See --sha256.`);
  if (setting === undefined) {
    lines.push(`No setting takes a model like this (architecture ${printable(architecture ?? 'unknown')}).`);
    return lines;
  }
  if (labels.length > 0) lines.push(`Its labels: ${labels.map(printable).join(', ')}.`);
  if (setting === 'CLASSIFIER_MODEL_DIR' && !areTheCategories(labels))
    lines.push(
      `Tickets are sorted into ${CATEGORIES.join(', ')}: this classifier has other labels, and the gateway would refuse it.`,
    );
  lines.push('Use it with:', `  ${setting}=${shellWord(request.directory)}`);
  return lines;
}

/** In any order and letter case, as the engine takes them. */
function areTheCategories(labels: readonly string[]): boolean {
  const inOrder = (names: readonly string[]): string =>
    names
      .map((name) => name.toLowerCase())
      .sort()
      .join();
  return inOrder(labels) === inOrder(CATEGORIES);
}

/** Text of a stranger's file, without what a terminal would obey. */
const printable = (text: string): string => text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 80);

const shellWord = (path: string): string => (/^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
