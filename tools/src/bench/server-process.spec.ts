import { portOf } from './server-process';

describe('the port of a server', () => {
  it('is read from its log', () => {
    expect(portOf('{"level":"info","port":40123,"msg":"listening on http://127.0.0.1:40123"}')).toBe(40123);
  });

  it.each(['', 'port 80', '{"msg":"hello"}', '{"port":"80"}', '{"port": 80', '"port"'])(
    'is not found in %p',
    (line) => {
      expect(portOf(line)).toBeUndefined();
    },
  );
});
