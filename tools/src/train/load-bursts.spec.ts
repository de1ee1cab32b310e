import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBursts } from './dataset';

describe('the file of bursts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bursts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (...tickets: readonly object[]) => {
    const file = join(folder, 'bursts.jsonl');
    writeFileSync(file, tickets.map((ticket) => JSON.stringify(ticket)).join('\n'));
    return loadBursts(file);
  };
  const ticket = { id: 'b1-1', burst: 'lift', text: 'The lift is stuck.' };
  const other = { id: 'b1-2', burst: 'lift', text: 'Had to take the stairs again' };

  it('has tickets in the order of its lines', () => {
    expect(load(ticket, other)).toEqual([ticket, other]);
  });

  it('has no id twice, and nothing that is not known', () => {
    expect(() => load(ticket, ticket)).toThrow('b1-1');
    expect(() => load(ticket, { ...other, topic: 'lift' })).toThrow('line 2');
  });
});
