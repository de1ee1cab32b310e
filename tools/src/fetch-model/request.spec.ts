import { FetchFailed } from './errors';
import { readRequest } from './request';

const read = (...args: string[]) => readRequest(args, '/home/ada');

describe('the command line', () => {
  it('needs no more than the name of a model', () => {
    expect(read('acme/mini-L6.v2')).toEqual({
      repository: 'acme/mini-L6.v2',
      revision: 'main',
      dtype: 'int8',
      directory: '/home/ada/models/mini-L6.v2',
      sha256: new Map(),
    });
  });

  it('takes a directory, a revision, a form of the weights and hashes', () => {
    const hash = 'ab'.repeat(32);
    const args = [
      '--to',
      '/srv/m',
      '--revision',
      'refs/pr/1',
      '--dtype',
      'fp32',
      '--sha256',
      `onnx/model.onnx=${hash}`,
    ];
    expect(read(...args, 'acme/mini', '--sha256', `config.json=${hash.toUpperCase()}`)).toEqual({
      repository: 'acme/mini',
      revision: 'refs/pr/1',
      dtype: 'fp32',
      directory: '/srv/m',
      sha256: new Map([
        ['onnx/model.onnx', hash],
        ['config.json', hash],
      ]),
    });
  });

  it.each([
    'mini',
    '../mini',
    'acme/..',
    'acme/a..b',
    '/etc/passwd',
    'acme/mini/more',
    'acme\\mini',
    'acme/mini?x',
    'acme/mi ni',
    'acme/mini\n',
    'acme/.hidden',
    'acme/%2e%2e',
    'https://evil.example/mini',
    'acme/',
    '',
    `acme/${'x'.repeat(5000)}`,
  ])('refuses the name %j', (name) => {
    expect(() => read(name)).toThrow(FetchFailed);
  });

  it.each(['../main', 'a//b', 'a/../b', '/main', 'main/', 'ma in', 'main?x=1', ''])(
    'refuses the revision %j',
    (name) => {
      expect(() => read('acme/mini', '--revision', name)).toThrow('revision');
    },
  );

  it.each([[[]], [['a/b', 'c/d']], [['a/b', '--what']], [['a/b', '--to', '']], [['a/b', '--dtype', '__proto__']]])(
    'refuses %j',
    (args) => {
      expect(() => read(...args)).toThrow(FetchFailed);
    },
  );

  it.each(['config.json', 'config.json=abc', '=', `config.json=${'g'.repeat(64)}`])('refuses the hash %j', (pinned) => {
    expect(() => read('acme/mini', '--sha256', pinned)).toThrow('<file>=<64 hex digits>');
  });

  it('does not let a name play with the terminal', () => {
    expect(() => read('acme/\u001b[2J')).toThrow('\\u001b[2J');
  });
});
