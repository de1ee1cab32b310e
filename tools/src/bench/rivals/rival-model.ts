import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFloat32 } from './float-graph';
import { type OnnxModel, floatOutput, pruned, readOnnx, writeOnnx } from './onnx-graph';

/** Precision of a rival's network, as its `dtype` option calls it. */
export type Precision = 'int8' | 'fp32';

/** The operation at the end of every layer of the bundled network. */
const END_OF_LAYER = 'SkipLayerNormalization';

/**
 * The network without its pooling: the output is `last_hidden_state`, one vector a token, as the rival's pipeline
 * expects it. All operations before that are the same.
 * @throws Error if the network has no such layers
 */
export function withHiddenStates(model: OnnxModel, width: number): OnnxModel {
  const last = model.nodes.findLast(({ type }) => type === END_OF_LAYER)?.outputs[0];
  if (last === undefined) throw new Error(`the network has no ${END_OF_LAYER}`);
  const name = 'last_hidden_state';
  const identity = { type: 'Identity', domain: '', inputs: [last], outputs: [name], attributes: [] };
  const outputs = [floatOutput(name, ['batch', 'sequence', width])];
  return pruned({ ...model, nodes: [...model.nodes, identity], outputs });
}

/**
 * Writes a model directory for the rival with the weights of ours.
 * @param maxTokens - as many as ours reads
 */
export function writeRivalModel(ours: string, theirs: string, precision: Precision, maxTokens: number): void {
  mkdirSync(join(theirs, 'onnx'), { recursive: true });
  for (const name of ['config.json', 'tokenizer.json']) cpSync(join(ours, name), join(theirs, name));
  const readJson = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(ours, name), 'utf8')) as Record<string, unknown>;
  const tokenizer = { ...readJson('tokenizer_config.json'), model_max_length: maxTokens };
  writeFileSync(join(theirs, 'tokenizer_config.json'), JSON.stringify(tokenizer));

  const width = Number(readJson('config.json')['hidden_size']);
  const int8 = withHiddenStates(readOnnx(readFileSync(join(ours, 'onnx/model_int8.onnx'))), width);
  const file = precision === 'int8' ? 'model_int8.onnx' : 'model.onnx';
  writeFileSync(join(theirs, 'onnx', file), writeOnnx(precision === 'int8' ? int8 : inFloat32(int8)));
}
