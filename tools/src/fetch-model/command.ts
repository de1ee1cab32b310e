import { CATEGORIES } from '@smart-support/contracts';
import { FetchFailed } from './errors';
import { type FetchedModel, fetchModel } from './fetch-model';
import { Hub } from './hub';
import { type Screen, showProgress } from './progress';
import { type ModelRequest, readRequest } from './request';
import type { Patience } from './retries';

/** Environment of the command. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Base of relative paths. */
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
 * Runs the command.
 * @returns the exit code: 0 when the model is complete, 1 after a message about the reason
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

/** Lines about the result and the next step of the user. */
export function describeResult(request: ModelRequest, fetched: FetchedModel): readonly string[] {
  const { setting, labels, architecture, downloaded, kept, unchecked } = fetched;
  const lines = [
    `${request.repository} (${request.dtype}) is in ${request.directory}: ` +
      `${downloaded.length} files downloaded, ${kept.length} already there.`,
  ];
  if (unchecked.length > 0)
    lines.push(`The server sent no hash of ${unchecked.join(', ')}: only lengths were compared. See --sha256.`);
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

/** Whether labels are the categories, in any order and letter case, as the engine accepts them. */
function areTheCategories(labels: readonly string[]): boolean {
  const inOrder = (names: readonly string[]): string =>
    names
      .map((name) => name.toLowerCase())
      .sort()
      .join();
  return inOrder(labels) === inOrder(CATEGORIES);
}

/** Untrusted text without control characters. */
const printable = (text: string): string => text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 80);

const shellWord = (path: string): string => (/^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
