import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const DISTILBERT = path.join(__dirname, '../fixtures/tiny-random-distilbert');

/** Runs a script against the built package. It fails unless the process ends by itself within a minute, with code 0. */
async function run(body: string): Promise<string> {
  const script = `
    const { openTextClassifier } = require('@smart-support/inference');
    (async () => {
      const open = (options) =>
        openTextClassifier({ directory: ${JSON.stringify(DISTILBERT)}, threads: 2, ...options });
      ${body}
    })();`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: path.join(__dirname, '..'),
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('a process with a model', () => {
  it('ends by itself when the model is closed', async () => {
    const body = `const model = await open(); await model.classify('down'); await model.close(); console.log('closed');`;
    expect(await run(body)).toBe('closed');
  });

  it('ends by itself when the model is idle, though it was not closed', async () => {
    expect(await run(`const model = await open(); await model.classify('down'); console.log('idle');`)).toBe('idle');
    expect(await run(`await open(); console.log('unused');`)).toBe('unused');
  });

  it('waits for the calls in flight', async () => {
    const body = `
      const model = await open();
      model.injectFault({ delayMs: 200 });
      void Promise.all(['1', '2', '3'].map((text) => model.classify(text))).then((all) => console.log(String(all.length)));`;
    expect(await run(body)).toBe('3');
  });

  it('ends cleanly when it lost patience with a run inside of the network', async () => {
    // Gives the thread time to get there, then lets the time pass without reading whether it did or has returned.
    const body = `
      const due = new Set();
      const after = (_, callback) => (due.add(callback), () => due.delete(callback));
      const model = await open({ clock: { now: () => 0, monotonic: () => 0, after } });
      model.injectFault({ delayMs: 1000 });
      const lost = model.classify('down').catch((error) => error.code);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      const closed = model.close();
      for (const callback of [...due]) callback();
      await closed;
      console.log(await lost);`;
    expect(await run(body)).toBe('closed');
  });

  it('prints nothing when it opens what is no model', async () => {
    const body = `await open({ directory: ${JSON.stringify(__dirname)} }).catch((error) => console.log(error.code));`;
    expect(await run(body)).toBe('invalid_model');
  });
});
