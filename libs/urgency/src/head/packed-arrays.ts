/** How a number is packed. */
export type NumberType = 'float32' | 'int32' | 'int16' | 'uint16' | 'int8' | 'uint8';

interface Packing {
  readonly bytes: number;
  readonly write: (view: DataView, at: number, value: number) => void;
  readonly read: (view: DataView, at: number) => number;
}

const PACKINGS: Readonly<Record<NumberType, Packing>> = {
  float32: {
    bytes: 4,
    write: (view, at, value) => view.setFloat32(at, value, true),
    read: (view, at) => view.getFloat32(at, true),
  },
  int32: {
    bytes: 4,
    write: (view, at, value) => view.setInt32(at, value, true),
    read: (view, at) => view.getInt32(at, true),
  },
  int16: {
    bytes: 2,
    write: (view, at, value) => view.setInt16(at, value, true),
    read: (view, at) => view.getInt16(at, true),
  },
  uint16: {
    bytes: 2,
    write: (view, at, value) => view.setUint16(at, value, true),
    read: (view, at) => view.getUint16(at, true),
  },
  int8: { bytes: 1, write: (view, at, value) => view.setInt8(at, value), read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, write: (view, at, value) => view.setUint8(at, value), read: (view, at) => view.getUint8(at) },
};

/** An array to be packed: each value is divided by `step`, and rounded unless it stays a float. */
export interface ArrayToPack {
  readonly type: NumberType;
  readonly values: ArrayLike<number>;
  readonly step?: number;
}

/** Where an array lies: one after the other, in the order of packing. */
export interface PackedArray {
  readonly type: NumberType;
  readonly length: number;
  readonly step?: number;
}

/** Base64 of arrays one after the other, little-endian. */
export function packArrays(arrays: readonly ArrayToPack[]): string {
  const size = arrays.reduce((sum, { type, values }) => sum + PACKINGS[type].bytes * values.length, 0);
  const bytes = Buffer.alloc(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  let at = 0;
  for (const { type, values, step = 1 } of arrays) {
    const packing = PACKINGS[type];
    for (let i = 0; i < values.length; i++) {
      const value = (values[i] ?? 0) / step;
      packing.write(view, at, type === 'float32' ? value : Math.round(value));
      at += packing.bytes;
    }
  }
  return bytes.toString('base64');
}

/** Unpacks what {@link packArrays} packed; nothing if the number of bytes is another. */
export function unpackArrays(data: string, arrays: readonly PackedArray[]): Float64Array[] | undefined {
  const bytes = Buffer.from(data, 'base64');
  const size = arrays.reduce((sum, { type, length }) => sum + PACKINGS[type].bytes * length, 0);
  if (bytes.length !== size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  let at = 0;
  return arrays.map(({ type, length, step = 1 }) => {
    const { read, bytes: width } = PACKINGS[type];
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++, at += width) values[i] = read(view, at) * step;
    return values;
  });
}

/** The step with which the largest of some values becomes the largest number of a signed or unsigned type. */
export function stepFor(values: ArrayLike<number>, largestPacked: number): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  return largest / largestPacked || 1;
}
