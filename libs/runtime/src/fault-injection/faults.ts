import { SmartSupportError, parseWith } from '@smart-support/contracts';
import { z } from 'zod';

/** Most bytes of a fault injection file: a real one has a few lines, a larger one is a mistake. */
export const LARGEST_FAULTS_BYTES = 64 * 1024;

const faultsSchema = z.strictObject({
  inference: z
    .strictObject({
      /** Milliseconds that every run of a model takes longer. */
      delay_ms: z.int().min(0).max(600_000).optional(),
      /** `fail`: every run ends in an error. `crash`: every run takes its thread with it. */
      error: z.enum(['fail', 'crash']).optional(),
    })
    .optional(),
  webhook: z
    .strictObject({
      /** Milliseconds by which the receiver of webhooks answers later. */
      delay_ms: z.int().min(0).max(600_000),
    })
    .optional(),
});

/** Faults to inject now. A part that is missing has none. */
export type Faults = z.infer<typeof faultsSchema>;

/**
 * Reads the text of a fault injection file; an empty one injects nothing.
 * @throws SmartSupportError `invalid_input` that says where the file is wrong
 */
export function parseFaults(text: string): Faults {
  if (text.trim() === '') return {};
  if (Buffer.byteLength(text) > LARGEST_FAULTS_BYTES) {
    throw new SmartSupportError('invalid_input', `The faults file is larger than ${LARGEST_FAULTS_BYTES} bytes.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SmartSupportError('invalid_input', 'The faults file is not JSON.', { cause });
  }
  return parseWith(faultsSchema, value, 'faults file');
}
