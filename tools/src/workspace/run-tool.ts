/** Runs a tool: a wrong option ends it with one line that names the option, any other error with its stack. */
export function runTool(tool: () => Promise<void>): void {
  tool().catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    console.error(error instanceof Error && code.startsWith('ERR_PARSE_ARGS') ? error.message : error);
    process.exitCode = 1;
  });
}
