import { NativeGate } from './native-gate';

describe('a thread that hangs', () => {
  it('may not be terminated before it has loaded native code, nor inside of it', () => {
    const shared = NativeGate.memory();
    const [thread, owner] = [new NativeGate(shared), new NativeGate(shared)];
    expect(owner.condemn()).toBe(false);
    thread.leave();
    thread.enter();
    expect(owner.condemn()).toBe(false);
  });

  it('cannot enter native code once it may be terminated', () => {
    const shared = NativeGate.memory();
    const [thread, owner] = [new NativeGate(shared), new NativeGate(shared)];
    thread.leave();
    expect(owner.condemn()).toBe(true);
    expect(() => thread.enter()).toThrow(/condemned/);
    expect(owner.condemn()).toBe(true);
  });
});
