import { type Field, delimited, fieldsOf, textsOf, whole } from './protobuf-wire';

/** One operation of a network. */
export interface OnnxNode {
  readonly type: string;
  /** Empty for ONNX's own operations. */
  readonly domain: string;
  /** Names of values; an empty one is an input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Encoded `AttributeProto`s. */
  readonly attributes: readonly Uint8Array[];
}

/** A network whose operations can be replaced. Weights are carried along unread. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  /** Encoded fields of the graph beside its nodes and outputs. */
  readonly graphRest: readonly Uint8Array[];
  /** Encoded `ValueInfoProto`s. */
  readonly outputs: readonly Uint8Array[];
  /** Encoded fields of the file beside the graph. */
  readonly rest: readonly Uint8Array[];
}

/** Field numbers of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, output: 12 };
const NODE = { input: 1, output: 2, type: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = { name: 1, int: 3, type: 20 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1, name: 2 };
const INT_ATTRIBUTE = 2;

/** Type number of 32-bit floating point in ONNX. */
export const FLOAT = 1;

/** Reads an ONNX file. @throws Error if it is not one */
export function readOnnx(file: Uint8Array): OnnxModel {
  const model = fieldsOf(file);
  const graph = model.find(({ number }) => number === MODEL.graph);
  if (!graph) throw new Error('this is not an ONNX file: it has no graph');
  const fields = fieldsOf(graph.content);
  const contents = (number: number): Uint8Array[] =>
    fields.filter((field) => field.number === number).map(({ content }) => content);
  const raws = (all: readonly Field[], except: readonly number[]): Uint8Array[] =>
    all.filter(({ number }) => !except.includes(number)).map(({ raw }) => raw);
  return {
    nodes: contents(GRAPH.node).map(readNode),
    graphRest: raws(fields, [GRAPH.node, GRAPH.output]),
    outputs: contents(GRAPH.output),
    rest: raws(model, [MODEL.graph]),
  };
}

/** Writes an ONNX file. */
export function writeOnnx({ nodes, graphRest, outputs, rest }: OnnxModel): Uint8Array {
  const graph = Buffer.concat([
    ...nodes.map((node) => delimited(GRAPH.node, writeNode(node))),
    ...graphRest,
    ...outputs.map((output) => delimited(GRAPH.output, output)),
  ]);
  return Buffer.concat([...rest, delimited(MODEL.graph, graph)]);
}

/** An attribute that is a whole number. */
export function wholeAttribute(name: string, value: number): Uint8Array {
  const fields = [delimited(ATTRIBUTE.name, name), whole(ATTRIBUTE.int, value), whole(ATTRIBUTE.type, INT_ATTRIBUTE)];
  return Buffer.concat(fields);
}

/** An output of 32-bit floating point numbers. @param shape - a text for a length that is not known beforehand */
export function floatOutput(name: string, shape: readonly (number | string)[]): Uint8Array {
  const dimensions = shape.map((length) =>
    delimited(
      SHAPE.dimension,
      typeof length === 'number' ? whole(DIMENSION.value, length) : delimited(DIMENSION.name, length),
    ),
  );
  const tensor = Buffer.concat([whole(TENSOR.element, FLOAT), delimited(TENSOR.shape, Buffer.concat(dimensions))]);
  return Buffer.concat([delimited(VALUE.name, name), delimited(VALUE.type, delimited(TYPE.tensor, tensor))]);
}

/** Leaves out what no output needs. */
export function pruned(model: OnnxModel): OnnxModel {
  const needed = new Set(model.outputs.flatMap((output) => textsOf(fieldsOf(output), VALUE.name)));
  // Nodes stand after those whose values they use.
  const nodes = model.nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => needed.has(name))) return false;
    for (const name of inputs) needed.add(name);
    return true;
  });
  return { ...model, nodes: nodes.toReversed() };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const fields = fieldsOf(bytes);
  return {
    type: textsOf(fields, NODE.type)[0] ?? '',
    domain: textsOf(fields, NODE.domain)[0] ?? '',
    inputs: textsOf(fields, NODE.input),
    outputs: textsOf(fields, NODE.output),
    attributes: fields.filter(({ number }) => number === NODE.attribute).map(({ content }) => content),
  };
}

function writeNode({ type, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  return Buffer.concat([
    ...inputs.map((name) => delimited(NODE.input, name)),
    ...outputs.map((name) => delimited(NODE.output, name)),
    delimited(NODE.type, type),
    ...attributes.map((attribute) => delimited(NODE.attribute, attribute)),
    delimited(NODE.domain, domain),
  ]);
}
