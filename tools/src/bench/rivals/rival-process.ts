import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { serveRequests } from '../measured-process';

/** What the process of the rival is asked for. */
export type RivalRequest =
  /** Loads the model, once. */
  | {
      readonly type: 'open';
      /** Folder whose `node_modules` holds the rival. */
      readonly packages: string;
      /** Model directory in the Hugging Face layout. */
      readonly model: string;
      readonly threads: number;
      /** Longer texts lose their end. */
      readonly maxTokens: number;
    }
  /** Embeds all texts, one call for each batch. */
  | { readonly type: 'embed'; readonly batches: readonly (readonly string[])[] };

/** Answer to `embed`. */
export interface RivalEmbeddings {
  readonly milliseconds: number;
  /** Embedding of the first text. */
  readonly vector: readonly number[];
}

/** The used part of the rival's types, which are not installed with the workspace. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoTokenizer: { from_pretrained(model: string): Promise<Tokenize> };
  readonly AutoModel: {
    from_pretrained(
      model: string,
      options: { readonly dtype: 'int8'; readonly session_options: { readonly intraOpNumThreads: number } },
    ): Promise<(inputs: unknown) => Promise<{ readonly sentence_embedding: Embeddings }>>;
  };
}

type Tokenize = (
  texts: readonly string[],
  options: { readonly padding: true; readonly truncation: true; readonly max_length: number },
) => unknown;

interface Embeddings {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

type Embed = (texts: readonly string[]) => Promise<Embeddings>;

let embed: Embed | undefined;

async function open({ packages, model, threads, maxTokens }: Extract<RivalRequest, { type: 'open' }>): Promise<Embed> {
  const load = createRequire(join(packages, 'package.json'));
  const { env, AutoTokenizer, AutoModel } = load('@huggingface/transformers') as TransformersJs;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(model);
  const name = basename(model);
  const tokenize = await AutoTokenizer.from_pretrained(name);
  const run = await AutoModel.from_pretrained(name, {
    dtype: 'int8',
    session_options: { intraOpNumThreads: threads },
  });
  return async (texts) => {
    const inputs = tokenize(texts, { padding: true, truncation: true, max_length: maxTokens });
    const { sentence_embedding: embeddings } = await run(inputs);
    if (embeddings.dims[0] !== texts.length)
      throw new Error(`${texts.length} texts gave ${embeddings.dims[0]} vectors`);
    return embeddings;
  };
}

serveRequests(async (request: RivalRequest): Promise<RivalEmbeddings | undefined> => {
  if (request.type === 'open') {
    embed = await open(request);
    return undefined;
  }
  if (!embed) throw new Error('the rival has no model yet');
  const start = performance.now();
  let first: Embeddings | undefined;
  for (const batch of request.batches) {
    const embeddings = await embed(batch);
    first ??= embeddings;
  }
  const milliseconds = performance.now() - start;
  return { milliseconds, vector: [...(first?.data.subarray(0, first.dims[1]) ?? [])] };
});
