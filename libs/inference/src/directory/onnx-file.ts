import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { invalidModel } from './json-file';

/** Number formats of a network's weights, by the names that the files in `onnx/` carry; `auto` chooses. */
export const DTYPES = ['auto', 'fp32', 'fp16', 'int8', 'uint8', 'q8', 'q4', 'q4f16', 'bnb4'] as const;

/** One of {@link DTYPES}. */
export type Dtype = (typeof DTYPES)[number];

/** File names of each format, the preferred one first. `model_quantized` is what most exporters call their 8-bit file. */
const NAMES: Readonly<Record<Exclude<Dtype, 'auto'>, readonly string[]>> = {
  fp32: ['model.onnx'],
  fp16: ['model_fp16.onnx'],
  int8: ['model_int8.onnx', 'model_quantized.onnx'],
  uint8: ['model_uint8.onnx'],
  q8: ['model_quantized.onnx', 'model_int8.onnx'],
  q4: ['model_q4.onnx'],
  q4f16: ['model_q4f16.onnx'],
  bnb4: ['model_bnb4.onnx'],
};

const PREFERRED = ['model_int8.onnx', 'model_quantized.onnx', 'model.onnx'];

/**
 * Chooses the network's file.
 * @returns its path inside the directory, for example `onnx/model_int8.onnx`
 * @throws SmartSupportError `invalid_model` that lists what is there
 */
export async function chooseOnnxFile(directory: string, dtype: Dtype): Promise<string> {
  const folder = path.join(directory, 'onnx');
  const entries = await readdir(folder).catch(() => []);
  const there = entries.filter((name) => name.startsWith('model') && name.endsWith('.onnx')).sort();
  const wanted = dtype === 'auto' ? (there.length === 1 ? there : PREFERRED) : NAMES[dtype];
  const chosen = wanted.find((name) => there.includes(name));
  if (chosen !== undefined) return `onnx/${chosen}`;
  const found = there.length > 0 ? there.join(', ') : 'none';
  const names = dtype === 'auto' && there.length === 0 ? ['model*.onnx'] : wanted;
  throw invalidModel(`${folder} has no file for dtype "${dtype}"; expected ${names.join(' or ')}, found ${found}.`);
}
