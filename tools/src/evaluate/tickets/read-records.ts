import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { linesOfFile, LONGEST_RECORD, textOfFile } from './text-lines';

/** The form of a file. */
export type Format = 'csv' | 'jsonl';

/** A record of a file: its values by column. */
export interface FileRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  /** The value in a column; `undefined` if the record has no such column. */
  value(column: string): unknown;
}

/**
 * The records of a CSV file whose first record names its columns.
 * @param columns - those that the file must have
 * @throws Error that names file, line and fault
 */
export async function* readCsv(
  file: string,
  { delimiter, columns }: { readonly delimiter: string; readonly columns: readonly string[] },
): AsyncGenerator<FileRecord> {
  /** Where the records begin that are parsed and not yet read, and where the next one does. */
  const starts: number[] = [];
  let next = 1;
  let empty = 0;
  const parser = parse({
    delimiter,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    // Not by the parser's own numbers: it counts a line end of Windows within quotes twice, and forgets records not yet read when a later one is faulty.
    on_record: (fields, { empty_lines }) => {
      const line = next + empty_lines - empty;
      starts.push(line);
      next = line + 1 + fields.reduce((all, field) => all + lineEndsIn(field), 0);
      empty = empty_lines;
      return fields;
    },
  });
  const source = Readable.from(textOfFile(file));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let positions: ReadonlyMap<string, number> | undefined;
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      const line = starts.shift() ?? 0;
      if (positions) {
        const known = positions;
        yield { line, value: (column) => fields[known.get(column) ?? -1] };
      } else positions = positionsOf(fields, file, { delimiter, columns });
    }
  } catch (error) {
    throw error instanceof CsvError ? new Error(`${file}, line ${next}: ${faultOf(error)}`, { cause: error }) : error;
  } finally {
    source.destroy();
  }
}

const lineEndsIn = (field: string): number => field.match(/\r\n|\n|\r/g)?.length ?? 0;

/** The position of each column. */
function positionsOf(
  header: readonly string[],
  file: string,
  { delimiter, columns }: { readonly delimiter: string; readonly columns: readonly string[] },
): ReadonlyMap<string, number> {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${file}, line 1: two columns are called "${twice}"`);
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined) {
    const other = [';', '\t', ','].find((sign) => sign !== delimiter && names.length === 1 && names[0]?.includes(sign));
    const hint = other
      ? `; if its fields are separated by ${other === '\t' ? 'tabs' : other}, say so with --delimiter`
      : '';
    throw new Error(
      `${file}, line 1: no column "${missing}"; it has ${names.map((name) => `"${name}"`).join(', ')}${hint}`,
    );
  }
  return new Map(names.map((name, i) => [name, i]));
}

function faultOf({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quoted field begins here and does not end';
    case 'CSV_MAX_RECORD_SIZE':
      return `a record longer than ${LONGEST_RECORD.toLocaleString('en')} characters; is a closing quote missing?`;
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const [expected, found] = message.match(/\d+/g) ?? [];
      return `${found} fields, but the header has ${expected}`;
    }
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quote in the middle of a field; a field with quotes is quoted as a whole, and each quote in it is written twice';
    default:
      return message;
  }
}

/** The records of a file of JSON lines. @throws Error that names file, line and fault */
export async function* readJsonLines(file: string): AsyncGenerator<FileRecord> {
  for await (const [text, line] of linesOfFile(file)) {
    if (text.trim() === '') continue;
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw new Error(`${file}, line ${line}: not JSON`, { cause });
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw new Error(`${file}, line ${line}: not a JSON object`);
    }
    const fields = new Map<string, unknown>(Object.entries(parsed));
    yield { line, value: (column) => fields.get(column) };
  }
}
