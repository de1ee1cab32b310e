import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CategoryLabels, UrgencyLabels } from './labels';
import { checkFile, type LabelledTicket, readTickets, type TicketColumns } from './labelled-tickets';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tickets-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

const columns = (changes: Partial<TicketColumns> = {}): TicketColumns => ({
  text: 'text',
  category: 'category',
  urgency: 'urgency',
  categories: new CategoryLabels(),
  urgencies: new UrgencyLabels(),
  ...changes,
});

async function read(file: string, changes: Partial<TicketColumns> = {}): Promise<LabelledTicket[]> {
  const tickets: LabelledTicket[] = [];
  for await (const ticket of readTickets(file, columns(changes))) tickets.push(ticket);
  return tickets;
}

describe('a CSV file', () => {
  it('may begin with a BOM, end lines as Windows does, and have commas, quotes, line ends and empty lines anywhere', async () => {
    const text = [
      '\ufeffid,text,category,urgency',
      '1,"Two lines,\r\nand ""quotes""",Billing,0.5',
      '',
      '2,Plain, legal ,1',
      '',
      '3,No labels,,',
      '',
    ].join('\r\n');
    expect(await read(fileOf('nasty.csv', text))).toEqual([
      expect.objectContaining({ line: 2, text: 'Two lines,\r\nand "quotes"', category: 'Billing', urgency: 0.5 }),
      expect.objectContaining({ line: 5, text: 'Plain', category: 'Legal', urgency: 1 }),
      expect.objectContaining({ line: 7, text: 'No labels', category: undefined, urgency: undefined }),
    ]);
  });

  it('may lack the columns of labels', async () => {
    expect(await read(fileOf('texts.csv', 'text\nHello there\n'))).toEqual([
      { line: 2, text: 'Hello there', subject: null, category: undefined, urgency: undefined, topic: undefined },
    ]);
  });

  it('may be separated by semicolons or tabs', async () => {
    const file = fileOf('semicolons.csv', 'text;category\nOne, two;Legal\n');
    expect(await read(file, { delimiter: ';' })).toEqual([expect.objectContaining({ text: 'One, two' })]);
    expect(await read(fileOf('tabs.tsv', 'text\tcategory\nOne, two\tLegal\n'))).toEqual([
      expect.objectContaining({ text: 'One, two', category: 'Legal' }),
    ]);
  });

  it('names the line where a record begins, also behind many records that have not been read yet', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `"row\n${i}",Legal`).join('\n');
    const file = fileOf('late.csv', `text,category\n${rows}\n"never closed,Legal\nmore\n`);
    await expect(read(file)).rejects.toThrow(`${file}, line 10002: a quoted field begins here and does not end`);
    expect((await read(fileOf('long.csv', `text,category\n${rows}\n`))).at(-1)?.line).toBe(10_000);
  });

  it.each([
    ['an empty file', '', 'no tickets in it'],
    ['a header alone', 'text,category\n', 'no tickets in it'],
    ['blank texts', 'text,category\n ,Legal\n', 'no ticket has a text'],
    ['no column of texts', 'body,category\na,Legal\n', 'line 1: no column "text"; it has "body", "category"'],
    ['another separator', 'text;category\na;Legal\n', 'separated by ;, say so with --delimiter'],
    ['two columns of a name', 'text,text\na,b\n', 'line 1: two columns are called "text"'],
    ['a field too many', 'text,category\na,Legal\nb,Legal,x\n', 'line 3: 3 fields, but the header has 2'],
    ['a quote within a field', 'text,category\na "b" c,Legal\n', 'line 2: a quote in the middle of a field'],
    ['a word for an urgency', 'text,urgency\na,0.5\nb,high\n', 'line 3: the urgency "high" is no number'],
    ['a record without end', `text\n"${'long '.repeat(300_000)}`, 'line 2: a record longer than 1,000,000 characters'],
  ])('is refused with its name, line and fault: %s', async (_, content, fault) => {
    const file = fileOf('faulty.csv', content);
    await expect(checkFile(file, columns())).rejects.toThrow(fault);
    await expect(checkFile(file, columns())).rejects.toThrow(file);
  });

  it('is refused if it is not UTF-8, or not there', async () => {
    const file = fileOf('latin.csv', Buffer.from('text\nfine\nGeb\u00fchr\n', 'latin1'));
    await expect(checkFile(file, columns())).rejects.toThrow('not UTF-8 text');
    await expect(checkFile(join(directory, 'none.csv'), columns())).rejects.toThrow('none.csv: no such file');
    await expect(checkFile(fileOf('unknown.txt', 'text\n'), columns())).rejects.toThrow('give --format=csv');
  });

  it('lets characters be cut anywhere by the pieces in which it is read', async () => {
    const text = '\u20ac'.repeat(100_001);
    expect((await read(fileOf('pieces.csv', `text\n${text}\n`)))[0]?.text).toBe(text);
  });

  it('is counted: labels that are there, and records without a text', async () => {
    const file = fileOf('counted.csv', 'text,category,urgency\na,Legal,\n,Legal,1\nb,,3\n');
    const counts = { tickets: 2, withoutText: 1, withCategory: 1, withUrgency: 1, withTopic: 0 };
    expect(await checkFile(file, columns())).toEqual({ file, ...counts });
  });
});

describe('a file of JSON lines', () => {
  it('may have a BOM, Windows line ends, empty lines and unusual separators within its texts', async () => {
    const file = fileOf('lines.jsonl', '\ufeff{"text":"a\u2028b","urgency":3}\r\n\r\n{"text":"c","category":"none"}');
    expect(await read(file)).toEqual([
      expect.objectContaining({ line: 1, text: 'a\u2028b', urgency: 3 }),
      expect.objectContaining({ line: 3, text: 'c', category: 'none' }),
    ]);
  });

  it.each([
    ['no JSON', '{"text":"a"}\n{"text":', 'line 2: not JSON'],
    ['no object', '["text"]', 'line 1: not a JSON object'],
    ['no text', '{"body":"a"}', 'line 1: no field "text"'],
    ['an object as text', '{"text":{"a":1}}', 'line 1: "text" is neither text nor a number'],
    ['an endless line', `{"text":"${'a'.repeat(1_200_000)}`, 'line 1: longer than 1,000,000 characters'],
  ])('is refused with its name, line and fault: %s', async (_, content, fault) => {
    const file = fileOf('faulty.jsonl', content);
    await expect(checkFile(file, columns())).rejects.toThrow(`${file}, ${fault}`);
  });

  it('has what columns with names of built-in properties say, and nothing else', async () => {
    await expect(read(fileOf('proto.jsonl', '{"text":"a"}'), { text: 'constructor' })).rejects.toThrow('no field');
  });
});

describe('labels', () => {
  const file = () => fileOf('labels.csv', 'text,category\na,Incident\nb,"Sales, other"\nc,Incident\nd,Invoice\n');

  it('that are unknown are refused all at once', async () => {
    const checking = checkFile(file(), columns({ categories: new CategoryLabels('invoice:Billing') }));
    await expect(checking).rejects.toThrow('"Incident" in line 2 and 1 more\n  "Sales, other" in line 3\n');
  });

  it('are mapped, those with a comma in quotes and all others by a star', async () => {
    const map = new CategoryLabels('Incident:Technical,"sales, other:none",*:Legal');
    const labels = (await read(file(), { categories: map })).map(({ category }) => category);
    expect(labels).toEqual(['Technical', 'none', 'Technical', 'Legal']);
  });

  it.each(['Incident', 'Incident:Nonsense', ':Legal', '"a, b":none'])('are not mapped by %s', (map) => {
    expect(() => new CategoryLabels(map)).toThrow('--map-category');
  });

  it('of urgency may be words in their order', async () => {
    const urgencies = new UrgencyLabels(['P3', 'P2', 'P1']);
    const levels = fileOf('levels.csv', 'text,urgency\na,p1\nb,P3\n');
    expect((await read(levels, { urgencies })).map(({ urgency }) => urgency)).toEqual([3, 1]);
    const other = fileOf('other.csv', 'text,urgency\na,P9\n');
    await expect(read(other, { urgencies })).rejects.toThrow('line 2: the urgency "P9" is none of the levels');
  });
});
