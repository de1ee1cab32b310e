/** The array itself if it is long enough, else a longer copy. Grows by at least a quarter, so that copies are rare. */
export function grown<Numbers extends Int32Array | Float64Array | Uint8Array>(
  numbers: Numbers,
  length: number,
): Numbers {
  if (numbers.length >= length) return numbers;
  const longer = new (numbers.constructor as new (length: number) => Numbers)(
    Math.max(64, length, Math.ceil(numbers.length * 1.25)),
  );
  longer.set(numbers);
  return longer;
}
