import { LuaLibrary, constants } from './lua-library';

const status = constants({ open: 'open', all: ['open', 'quiet'] });

const numbers = `-- Numbers.

local DIGITS = 3

function numbers.padded(number)
  return string.format('%0' .. DIGITS .. 'd', number)
end

function numbers.doubled(number)
  return 2 * number
end
`;
const keys = `-- Keys.
-- uses: numbers, status

keys.all = KEYS[1] .. ':all'

function keys.of(number)
  return keys.all .. numbers.padded(number) .. status.open
end
`;

const library = (sources: Record<string, string>) => new LuaLibrary(sources, { status });

describe('the source of a command', () => {
  const source = library({ numbers, keys }).assemble('a', '-- A command.\n-- uses: keys\n\nreturn keys.of(1)\n');

  it('has the parts that it uses before it, and what they use before them', () => {
    const order = ['local numbers__padded', 'local keys__', 'return keys__of(1)'].map((one) => source.indexOf(one));
    expect(order).not.toContain(-1);
    expect(order.slice(1)).toEqual(order.slice(1).sort((a, b) => a - b));
    expect(order.at(-1)).toBe(Math.max(...order));
  });

  it('has the definitions of a part that it reaches, and no others', () => {
    expect(source).toContain('local DIGITS = 3');
    expect(source).toContain("keys__all = KEYS[1] .. ':all'");
    expect(source).not.toContain('doubled');
    expect(source).toContain('keys__all .. numbers__padded(number) .. ("open")');
  });

  it('has the lists of the contracts as tables', () => {
    expect(library({}).assemble('a', '-- uses: status\nreturn status.all')).toContain('return ({ "open", "quiet" })');
  });
});

describe('a Lua file is refused', () => {
  it.each([
    ['that uses a part without declaring it', 'return keys.of(1)', 'uses "keys" without declaring it'],
    [
      'that uses a part which only another part declares',
      '-- uses: keys\nreturn keys.of(numbers.padded(1))',
      'uses "numbers" without declaring it',
    ],
    ['that declares a part without using it', '-- uses: keys\nreturn 1', 'declares "keys" without using it'],
    ['that declares a part which does not exist', '-- uses: kees\nreturn 1', 'uses "kees", which does not exist'],
    [
      'that uses a member which does not exist',
      '-- uses: keys\nreturn keys.off(1)',
      'uses "keys.off", which does not exist',
    ],
    [
      'that uses a constant which does not exist',
      '-- uses: status\nreturn status.opne',
      'uses "status.opne", which does not exist',
    ],
  ])('%s', (_what, body, message) => {
    expect(() => library({ numbers, keys }).assemble('a', body)).toThrow(message);
  });

  it('that is a part and uses one that uses it', () => {
    const a = '-- uses: b\n\nfunction a.one()\n  return b.one()\nend\n';
    const b = '-- uses: a\n\nfunction b.one()\n  return a.one()\nend\n';
    expect(() => library({ a, b })).toThrow('is used by itself');
  });

  it('that is a part and declares what it does not use', () => {
    expect(() => library({ numbers, keys: keys.replace('numbers.padded(number)', 'number') })).toThrow(
      'declares "numbers"',
    );
  });

  it('but not for names in texts and comments', () => {
    const body = "-- numbers.padded\nreturn 'keys.of'\n";
    expect(library({ numbers, keys }).assemble('a', body)).toContain("return 'keys.of'");
  });
});
