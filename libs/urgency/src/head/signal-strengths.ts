/**
 * How the head sees the numbers of `findSignals`: their square roots. Whether a signal is there at all says more than how often
 * and in how few words, and the root keeps a loud signal from hiding the quiet ones.
 */
export const signalStrengths = (vector: Float64Array): Float64Array => vector.map(Math.sqrt);
