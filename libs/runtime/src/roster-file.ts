import { readFile } from 'node:fs/promises';
import { types } from 'node:util';
import { DEMO_ROSTER, parseRoster } from '@smart-support/agent-registry';
import { type AgentProfile, SmartSupportError } from '@smart-support/contracts';

/**
 * The agents of a roster file.
 * @param file - path of the file (`config.agents.file`); without one the demo roster of invented people answers
 * @throws SmartSupportError `invalid_config` that says why the file cannot be read, or everything that is wrong in it
 */
export async function readRoster(file: string | undefined): Promise<readonly AgentProfile[]> {
  if (file === undefined) return DEMO_ROSTER;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = types.isNativeError(error) && 'code' in error ? String(error.code) : 'unknown';
    throw new SmartSupportError('invalid_config', `AGENTS_FILE "${file}" cannot be read (${why}).`, { cause: error });
  }
  return parseRoster(text);
}
