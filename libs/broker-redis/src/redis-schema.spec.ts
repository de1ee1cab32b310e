import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf } from './keys';

const PAGE = readFileSync(join(__dirname, '../../../docs/redis-schema.md'), 'utf8');

/** A key pattern with the same placeholder for every variable part. */
const plain = (pattern: string): string => pattern.replace('<queue>', 'QUEUE').replace(/<[^<>]+>/g, '<>');

/** The patterns in the first column of the tables of keys. */
const documented = PAGE.slice(PAGE.indexOf('## Keys'), PAGE.indexOf('## A ticket'))
  .split('\n')
  .flatMap((line) => [...(/^\|(?<keys>[^|]+)\|/.exec(line)?.groups?.['keys'] ?? '').matchAll(/`(?<key>[^`]+)`/g)])
  .map(({ groups }) => plain(groups?.['key'] ?? ''));

/** Files below a directory with this ending, without specs and test support. */
const filesIn = (directory: string, end: string): string[] =>
  readdirSync(join(__dirname, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end) && !/spec/.test(name))
    .map((name) => readFileSync(join(__dirname, directory, name), 'utf8'));

/** The pattern that a Lua expression builds, such as `'agent:' .. id .. ':tickets'`; '' without a fixed part. */
function patternOf(expression: string): string {
  const parts = expression.split(' .. ').map((part) => /^'(?<text>[^']*)'$/.exec(part.trim())?.groups?.['text']);
  return parts.every((part) => part === undefined) ? '' : parts.map((part) => part ?? '<>').join('');
}

const lua = filesIn('lua', '.lua').join('\n');
const byLua = [
  ...[...lua.matchAll(/store\.key\((?<expression>[^()]*)\)/g)].map(({ groups }) =>
    patternOf(groups?.['expression'] ?? ''),
  ),
  ...[...lua.matchAll(/KEYS\[1\] \.\. (?<expression>'[^,)\n]*)/g)].map(({ groups }) =>
    patternOf(groups?.['expression'] ?? ''),
  ),
  ...[...lua.matchAll(/KEYS\[2\] \.\. (?<expression>'[^,)\n]*)/g)].map(
    ({ groups }) => `QUEUE${patternOf(groups?.['expression'] ?? '')}`,
  ),
];

const typescript = filesIn('.', '.ts').join('\n');
const { domain, queue: _queue, ...own } = keysOf({ prefix: 'p', queueKey: 'QUEUE' });
const byTypeScript = [
  ...Object.values(own).map((key) => key.slice(domain.length)),
  ...[...typescript.matchAll(/`(?<word>idempotency|duplicate):\$\{/g)].map(({ groups }) => `${groups?.['word']}:<>`),
  ...(typescript.includes('`${keys.domain}rate`') ? ['rate:<>:<>'] : []),
];

it('the page of the Redis schema has every key that is used, and no other one', () => {
  // TypeScript and Lua use the names of the lanes.
  const used = [...byLua, ...byTypeScript].flatMap((pattern) =>
    /^QUEUE:(?:delayed:)?<>$/.test(pattern)
      ? ['urgent', 'normal'].map((lane) => pattern.replace('<>', lane))
      : pattern === ''
        ? []
        : [pattern],
  );
  expect(byLua.length).toBeGreaterThan(40);
  expect([...new Set(used)].sort()).toEqual([...new Set(documented)].sort());
});

it('keys are built in no other way', () => {
  // A key is one expression, so that a search for its pattern finds it.
  expect(lua.match(/(?:store|incidents|agents|tickets)\.\w+(?:\(\w+\))? \.\. ':/g)).toBeNull();
});
