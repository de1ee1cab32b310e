import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Precision } from './rival-model';

/** What the process of a rival is to open. */
export interface RivalSettings {
  /** Folder whose `node_modules` holds the rival. */
  readonly packages: string;
  /** Folder of model directories, and the one to open. */
  readonly models: string;
  readonly model: string;
  readonly precision: Precision;
  readonly threads: number;
  /** What one pass embeds: one call of the pipeline for each batch. */
  readonly batches: readonly (readonly string[])[];
}

/** Messages to the process. It ends when it is disconnected. */
export type ToRival = { readonly type: 'open'; readonly settings: RivalSettings } | { readonly type: 'pass' };

/** Messages of the process. */
export type FromRival =
  /** Loaded; `vector` is the embedding of the first text. */
  | { readonly type: 'ready'; readonly vector: readonly number[] }
  | { readonly type: 'done'; readonly milliseconds: number };

/** As much of the rival as is used: it has no types here, for it is not installed with the workspace. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { readonly dtype: Precision; readonly session_options: { readonly intraOpNumThreads: number } },
  ): Promise<Extractor>;
}

type Extractor = (
  texts: readonly string[],
  options: { readonly pooling: 'mean'; readonly normalize: true },
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>;

const send = (message: FromRival): void => {
  process.send?.(message);
};

class Rival {
  private constructor(
    private readonly extractor: Extractor,
    private readonly batches: RivalSettings['batches'],
  ) {}

  static async open(settings: RivalSettings): Promise<Rival> {
    const load = createRequire(join(settings.packages, 'package.json'));
    const { env, pipeline } = load('@huggingface/transformers') as TransformersJs;
    env.allowRemoteModels = false;
    env.localModelPath = settings.models;
    const options = { dtype: settings.precision, session_options: { intraOpNumThreads: settings.threads } };
    return new Rival(await pipeline('feature-extraction', settings.model, options), settings.batches);
  }

  async embed(texts: readonly string[]): Promise<Float32Array> {
    const { data, dims } = await this.extractor(texts, { pooling: 'mean', normalize: true });
    if (dims[0] !== texts.length) throw new Error(`${texts.length} texts gave ${dims[0] ?? 'no'} vectors`);
    return data;
  }

  async pass(): Promise<number> {
    const start = performance.now();
    for (const batch of this.batches) await this.embed(batch);
    return performance.now() - start;
  }
}

let rival: Rival | undefined;

async function obey(message: ToRival): Promise<void> {
  if (message.type === 'open') {
    rival = await Rival.open(message.settings);
    const first = message.settings.batches[0]?.[0] ?? '';
    send({ type: 'ready', vector: [...(await rival.embed([first]))] });
  } else if (rival) send({ type: 'done', milliseconds: await rival.pass() });
}

process.on('message', (message: ToRival) => {
  obey(message).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    process.disconnect();
  });
});
