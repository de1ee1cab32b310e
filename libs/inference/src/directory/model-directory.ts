import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type JsonObject, invalidModel, readJson, readOptionalJson } from './json-file';
import { checkManifest, sha256Of } from './manifest';
import { maxTokensOf } from './max-tokens';
import { type Dtype, chooseOnnxFile } from './onnx-file';
import { type Pooling, poolingOf } from './pooling';
import { checkVocabulary } from './vocabulary';

/** A model directory whose files are there, are whole, and belong together as far as can be seen without running them. */
export interface ModelDirectory {
  /** Absolute path. */
  readonly directory: string;
  readonly name: string;
  /** The first 12 hexadecimal digits of the network file's SHA-256. */
  readonly version: string;
  readonly maxTokens: number;
  readonly pooling: Pooling;
  /** The network's path inside the directory. */
  readonly onnxFile: string;
  /** SHA-256 of the files that each thread loads, by their paths inside the directory. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Absolute path of `config.json`, for sentences about it. */
  readonly configFile: string;
  readonly config: JsonObject;
  readonly tokenizer: JsonObject;
  readonly tokenizerConfig: JsonObject;
}

/**
 * Reads and checks a model directory in the Hugging Face layout.
 * @throws SmartSupportError `invalid_model` with a sentence that names the file and what was expected
 */
export async function readModelDirectory(
  given: string,
  dtype: Dtype,
  fewerTokens: number | undefined,
): Promise<ModelDirectory> {
  const directory = path.resolve(given);
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw invalidModel(`${directory} is not a directory; expected a model directory with config.json and onnx/.`);
  }
  const config = await readJson(directory, 'config.json', "the network's settings");
  const tokenizer = await readJson(directory, 'tokenizer.json', "the tokenizer's rules and vocabulary");
  const tokenizerConfig =
    (await readOptionalJson(directory, 'tokenizer_config.json', "the tokenizer's settings")) ?? {};
  const manifest = await readOptionalJson(directory, 'manifest.json', 'the list of the files with their hashes');
  const sentenceBert = await readOptionalJson(directory, 'sentence_bert_config.json', 'max_seq_length');
  const poolingFile = '1_Pooling/config.json';
  const pooling = poolingOf(
    path.join(directory, poolingFile),
    await readOptionalJson(directory, poolingFile, 'the way token vectors are pooled'),
  );
  checkVocabulary(path.join(directory, 'tokenizer.json'), tokenizer, config);
  const onnxFile = await chooseOnnxFile(directory, dtype);
  const hashes = manifest ? await checkManifest(directory, manifest) : new Map<string, string>();
  const hashOf = async (file: string): Promise<string> =>
    hashes.get(file) ?? (await sha256Of(path.join(directory, file)));
  const hash = await hashOf(onnxFile);
  const fingerprints = { [onnxFile]: hash, 'tokenizer.json': await hashOf('tokenizer.json') };
  const name = manifest?.['name'];
  const maxTokens = maxTokensOf({ manifest, sentenceBert, tokenizerConfig, config });
  return {
    directory,
    name: typeof name === 'string' && name !== '' ? name : path.basename(directory),
    version: hash.slice(0, 12),
    maxTokens: Math.min(maxTokens, fewerTokens ?? maxTokens),
    pooling,
    onnxFile,
    fingerprints,
    configFile: path.join(directory, 'config.json'),
    config,
    tokenizer,
    tokenizerConfig,
  };
}
