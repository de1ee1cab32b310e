import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataHash,
  type LabelledTicket,
  loadBursts,
  loadChallenge,
  loadFailureTexts,
  loadOutages,
  loadTexts,
  loadTickets,
} from './dataset';

const ticket: LabelledTicket = {
  id: 'a-1',
  text: 'Refund',
  category: 'Billing',
  urgency: 0.3,
  topic: 'refund',
  register: 'terse',
};

describe('loading tickets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tickets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, ...lines: (object | string)[]) => {
    const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    writeFileSync(join(folder, name), texts.join('\n'));
  };

  it('reads the files in the order of their names and skips empty lines', () => {
    write('b.jsonl', { ...ticket, id: 'b' }, '');
    write('a.jsonl', { ...ticket, id: 'a', hard: 'two intents' });
    write('notes.txt', 'not a ticket');
    expect(loadTickets(folder).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it.each([
    ['{"id":', /a\.jsonl, line 2: not JSON/],
    [{ ...ticket, id: 'x', urgency: 1.2 }, /a\.jsonl, line 2: [\s\S]*urgency/],
    [{ ...ticket, id: 'x', category: 'Other' }, /line 2: [\s\S]*category/],
    [{ ...ticket, id: 'x', text: '  ' }, /line 2: [\s\S]*text/],
    [{ ...ticket, id: 'x', topc: 'typo' }, /line 2: [\s\S]*topc/],
    [ticket, /Two tickets have the id a-1/],
  ])('names file, line and fault of a bad line (%#)', (line, message) => {
    write('a.jsonl', ticket, line);
    expect(() => loadTickets(folder)).toThrow(message);
  });

  it('refuses a folder without tickets', () => {
    expect(() => loadTickets(folder)).toThrow(/No \.jsonl file/);
  });

  it('accepts challenge tickets without topic and voice', () => {
    write('c.jsonl', { id: 'c', text: 'Help', category: 'Legal', urgency: 0.5 });
    expect(loadChallenge(join(folder, 'c.jsonl'))).toHaveLength(1);
  });

  it('reads tickets about outages, each with its change', () => {
    const variant = { id: 's', outage: 'tills', change: 'typo', text: 'Tils are off' };
    write('s.jsonl', variant);
    expect(loadOutages(join(folder, 's.jsonl'))).toEqual([variant]);
  });

  it('reads texts that report a failure or do not, and requires the label', () => {
    const text = { id: 'f', text: 'Tills are off', reports_failure: true };
    write('f.jsonl', text);
    expect(loadFailureTexts(join(folder, 'f.jsonl'))).toEqual([text]);
    write('g.jsonl', { id: 'f', text: 'Tills are off' });
    expect(() => loadFailureTexts(join(folder, 'g.jsonl'))).toThrow(/reports_failure/);
  });

  it('reads tickets of bursts in the order of their lines, without duplicate ids and unknown fields', () => {
    const first = { id: 'b1-1', burst: 'lift', text: 'The lift is stuck.' };
    const second = { id: 'b1-2', burst: 'lift', text: 'Had to use the stairs again' };
    const load = (...rows: object[]) => {
      write('b.jsonl', ...rows);
      return loadBursts(join(folder, 'b.jsonl'));
    };
    expect(load(first, second)).toEqual([first, second]);
    expect(() => load(first, first)).toThrow('b1-1');
    expect(() => load(first, { ...second, topic: 'lift' })).toThrow('line 2');
  });

  it('reads the texts of any lines that have one', () => {
    write('t.jsonl', { text: 'One', from: 'Ada' }, { text: 'Two' });
    expect(loadTexts(join(folder, 't.jsonl'))).toEqual(['One', 'Two']);
    write('u.jsonl', { subject: 'One' });
    expect(() => loadTexts(join(folder, 'u.jsonl'))).toThrow(/line 1: [\s\S]*text/);
  });
});

describe('the hash of the data', () => {
  it('changes with what the classifier is trained on and with nothing else', () => {
    const hash = dataHash([ticket]);
    expect(dataHash([{ ...ticket, urgency: 0.9, register: 'angry' }])).toBe(hash);
    expect(dataHash([{ ...ticket, category: 'Legal' }])).not.toBe(hash);
    expect(dataHash([{ ...ticket, text: 'refund' }])).not.toBe(hash);
    expect(dataHash([{ ...ticket, topic: 'other' }])).not.toBe(hash);
  });
});
