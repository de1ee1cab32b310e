import { join } from 'node:path';

/**
 * Absolute path of the model directory of this package, in the Hugging Face layout: `config.json`, `tokenizer.json`,
 * `tokenizer_config.json`, `onnx/model_int8.onnx`, and a `manifest.json` with the size and SHA-256 of each of them.
 * The graph takes token ids of one text and gives its embedding: 384 numbers of length 1.
 *
 * The path is that of the installed package. A bundler that copies this code elsewhere must leave the package external.
 */
// One level up from `src` as well as from `dist`.
export const MODEL_DIRECTORY: string = join(__dirname, '..', 'model');
