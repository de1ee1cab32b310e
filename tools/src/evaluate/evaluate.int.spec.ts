import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const TOOL = resolve(__dirname, '../../dist/evaluate/main.js');

const CSV = `\ufeffsubject,body,team,priority
Refund,"You charged me twice for March, please send the second payment back.",Invoices,low
,"The app crashes whenever I open the settings page,
since the update on Monday.",Incidents,medium
Data,Please delete all personal data you hold about me under the privacy law.,Legal,low
,Our whole data centre is down and nobody can log in. All servers are offline!,Incidents,high
,Lovely weather today.,Chatter,low
<b>Contract</b>,<script>alert(1)</script> Our lawyer asks for the signed <i>contract</i> and its liability clause.,Invoices,low
`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'evaluate-'));
  writeFileSync(join(directory, 'tickets.csv'), CSV);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [TOOL, ...args], { cwd: directory, encoding: 'utf8' });

const COLUMNS = [
  '--tickets=tickets.csv',
  ...['--text=body', '--subject=subject', '--category=team', '--urgency=priority'],
  '--map-category=Invoices:Billing,Incidents:Technical,Chatter:none',
  '--urgency-levels=low,medium,high',
];

/** Needs the built tool: `npx nx build tools`. */
describe('tools:evaluate', () => {
  it('knows the language of tickets, as the service does', () => {
    const text = 'Die Website ist nicht erreichbar, alle Kunden betroffen, bitte sofort beheben!';
    writeFileSync(join(directory, 'german.jsonl'), JSON.stringify({ text, category: 'none' }));
    run('--tickets=german.jsonl', '--json=german.json');
    const { files } = JSON.parse(readFileSync(join(directory, 'german.json'), 'utf8'));
    expect(files[0].category.accuracy).toMatchObject({ value: 1 });
  });

  it('measures the shipped models on a CSV file and writes figures and a page', () => {
    const { status, stdout, stderr } = run(...COLUMNS, '--alert-from=high', '--json=out/e.json', '--html=out/e.html');
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.not.stringContaining('Error') });
    expect(stdout).toContain('Models: all-MiniLM-L6-v2');
    expect(stdout).toContain('Flagged for review');

    const { files, together } = JSON.parse(readFileSync(join(directory, 'out/e.json'), 'utf8'));
    expect(together).toBeNull();
    expect(files[0]).toMatchObject({ name: 'tickets.csv', tickets: 6, degraded: 0, without_text: 0 });
    const { category, urgency, mistakes } = files[0];
    expect(category.confusion.flat().reduce((all: number, count: number) => all + count, 0)).toBe(6);
    expect(category.confusion.map((row: number[]) => row.reduce((all, count) => all + count, 0))).toEqual([2, 2, 1, 1]);
    expect(category.confusion[1][1]).toBe(2);
    expect(urgency.alerts).toMatchObject({ labelled: 1 });
    expect(urgency.spearman.value).toBeGreaterThan(0.5);
    const contract = mistakes.find(({ line }: { line: number }) => line === 8);
    expect(contract).toMatchObject({ label: 'Billing', predicted: 'Legal' });
    expect(contract.terms.length).toBeGreaterThan(0);

    const page = readFileSync(join(directory, 'out/e.html'), 'utf8');
    expect(page).toContain('tickets.csv, line 8');
    expect(page).not.toMatch(/<script|<link|https?:|url\(/);
  });

  it('asks the baselines alone', () => {
    const { status, stdout } = run(...COLUMNS, '--baseline');
    expect(status).toBe(0);
    expect(stdout).not.toContain('MiniLM');
  });

  it('ends with what is wrong, before a model is opened', () => {
    const { status, stdout, stderr } = run('--tickets=tickets.csv', '--text=body', '--category=team');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('"Invoices" in line 2 and 1 more');
    expect(run('--tickets=tickets.csv', '--text=body', '--category=tema').stderr).toContain('"tema"');
  });

  it('ends at Ctrl+C, and writes nothing', async () => {
    const many = join(directory, 'many.csv');
    const rows = Array.from(
      { length: 50_000 },
      (_, i) => `Printer ${i} of floor ${i % 7} prints blank pages again,Technical`,
    );
    writeFileSync(many, `text,category\n${rows.join('\n')}\n`);
    const child = spawn(process.execPath, [TOOL, `--tickets=${many}`, '--json=never.json'], { cwd: directory });
    let stderr = '';
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    // The note on the missing urgencies comes right before the models are opened.
    await new Promise<void>((done) => child.stderr.once('data', () => done()));
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(stderr).toContain('SIGINT');
    expect(() => readFileSync(join(directory, 'never.json'))).toThrow();
  });
});
