import { spawn } from 'node:child_process';

/** A failed command, with its output. */
export class CommandFailed extends Error {
  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with ${code ?? 'a signal'}\n${output.trim()}`);
    this.name = 'CommandFailed';
  }
}

/**
 * Runs a command.
 * @returns what it wrote to its standard output
 * @throws CommandFailed unless it ended with 0
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const child = spawn(command, args, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    all += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (all += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new CommandFailed([command, ...args].join(' '), code, all);
  return stdout;
}
