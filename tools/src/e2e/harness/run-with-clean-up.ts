import { CleanUp } from './clean-up';

/** Runs a tool, and ends everything that it started: at its end, when it fails (exit code 1), and at a signal. */
export function runWithCleanUp(tool: (cleanUp: CleanUp) => Promise<void>): void {
  const cleanUp = new CleanUp();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      console.error(`\n${signal}: ending everything that was started`);
      void cleanUp.dispose().then(() => process.exit(1));
    });
  }
  tool(cleanUp)
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    })
    .finally(() => cleanUp.dispose());
}
