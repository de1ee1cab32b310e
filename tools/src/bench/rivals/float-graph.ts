import { FLOAT, type OnnxModel, type OnnxNode, pruned, wholeAttribute } from './onnx-graph';

/**
 * The same network in fp32: what `quantize_dynamic` of onnxruntime made 8-bit is taken back to floating point, weights
 * included. These are the rounded weights of the int8 file, not the published ones; the time a run takes is that of any fp32 weights.
 * The conversion of the weights stays in the file as operations on constants, which onnxruntime carries out once, when it loads.
 * @throws Error if the network was not quantised that way
 */
export function inFloat32(model: OnnxModel): OnnxModel {
  const weights = new FloatWeights();
  const producers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const producerOf = (name: string | undefined, type: string): OnnxNode | undefined => {
    const node = name === undefined ? undefined : producers.get(name);
    return node?.type === type ? node : undefined;
  };
  /** The value that was quantised into the named one. */
  const unquantised = (name: string | undefined): string =>
    required(producerOf(name, 'DynamicQuantizeLinear')?.inputs[0]);

  const nodes = model.nodes.map((node): OnnxNode => {
    const { type, inputs } = node;
    if (type === 'QEmbedLayerNormalization') {
      const floats = [2, 3, 4, 5, 6].map((at) => weights.of(inputs[at], inputs[at + 6], inputs[at + 11]));
      return {
        ...node,
        type: 'EmbedLayerNormalization',
        inputs: [...inputs.slice(0, 2), ...floats, required(inputs[7])],
      };
    }
    if (type === 'QAttention') {
      const weight = weights.of(inputs[1], inputs[4], inputs[7]);
      const floats = [unquantised(inputs[0]), weight, required(inputs[2]), required(inputs[5])];
      return { ...node, type: 'Attention', inputs: floats };
    }
    // Integer product, cast, times the product of both scales: the end of such a chain becomes the plain product.
    const product = producerOf(producerOf(inputs[0], 'Cast')?.inputs[0], 'MatMulInteger');
    const scales = producerOf(inputs[1], 'Mul');
    if (type !== 'Mul' || !product || !scales) return node;
    const weight = weights.of(product.inputs[1], scales.inputs[1], product.inputs[3]);
    return { ...node, type: 'MatMul', inputs: [unquantised(product.inputs[0]), weight] };
  });
  const float = pruned({ ...model, nodes: [...weights.nodes, ...nodes] });
  if (
    weights.nodes.length === 0 ||
    float.nodes.some(({ type }) => type.includes('Quantize') || type.endsWith('Integer'))
  )
    throw new Error('the network was not quantised as expected');
  return float;
}

/** Operations that make floating point numbers of 8-bit weights: (weight - zero point) times scale. */
class FloatWeights {
  readonly nodes: OnnxNode[] = [];

  of(quantised: string | undefined, scale: string | undefined, zero: string | undefined): string {
    const name = `${required(quantised)}_float`;
    const weight = this.add('Cast', [required(quantised)], `${name}_cast`, [wholeAttribute('to', FLOAT)]);
    const offset = this.add('Cast', [required(zero)], `${name}_zero`, [wholeAttribute('to', FLOAT)]);
    const moved = this.add('Sub', [weight, offset], `${name}_moved`);
    return this.add('Mul', [moved, required(scale)], name);
  }

  private add(type: string, inputs: readonly string[], output: string, attributes: readonly Uint8Array[] = []): string {
    this.nodes.push({ type, domain: '', inputs, outputs: [output], attributes });
    return output;
  }
}

function required(name: string | undefined): string {
  if (name === undefined) throw new Error('the network was not quantised as expected');
  return name;
}
