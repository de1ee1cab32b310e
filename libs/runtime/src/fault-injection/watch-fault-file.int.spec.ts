import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@smart-support/testing';
import type { Faults } from './faults';
import { type FaultFileWatcher, watchFaultFile } from './watch-fault-file';

describe('a fault injection file on a running system', () => {
  let folder: string;
  let file: string;
  let follower: FaultFileWatcher;
  let clock: VirtualClock;
  const changes: Faults[] = [];
  const errors: unknown[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'));
    file = join(folder, 'faults.json');
    clock = new VirtualClock();
    changes.length = 0;
    errors.length = 0;
    follower = watchFaultFile({
      file,
      clock,
      onChange: (faults) => void changes.push(faults),
      onError: (error) => void errors.push(error),
    });
    await follower.look();
  });
  afterEach(async () => {
    follower.stop();
    await rm(folder, { recursive: true });
  });

  const write = async (text: string): Promise<void> => {
    await writeFile(file, text);
    await follower.look();
  };

  it('changes what is injected when it changes, and only then', async () => {
    await write('{"inference": {"delay_ms": 700}}');
    await follower.look();
    await write('{"inference": {"error": "fail"}}');
    await write('');
    expect(changes).toEqual([{ inference: { delay_ms: 700 } }, { inference: { error: 'fail' } }, {}]);
    expect(errors).toEqual([]);
  });

  it('ends the faults when it is deleted, and when it is no longer watched', async () => {
    await write('{"inference": {"delay_ms": 5}}');
    await rm(file);
    await follower.look();
    expect(changes.at(-1)).toEqual({});
    await write('{"inference": {"delay_ms": 6}}');
    follower.stop();
    expect(changes.at(-1)).toEqual({});
    expect(clock.waiting).toBe(0);
  });

  it('that is invalid is reported once, and the faults before it go on', async () => {
    await write('{"inference": {"delay_ms": 5}}');
    for (const wrong of ['{"inference', '{"inference": {"delay_ms": -1}}', '{"webhooks": 1}', 'x'.repeat(70_000)]) {
      await write(wrong);
      await follower.look();
    }
    expect(errors).toHaveLength(4);
    expect(changes).toEqual([{ inference: { delay_ms: 5 } }]);
  });

  it('that cannot be read is reported once, and the faults before it go on', async () => {
    await write('{"inference": {"delay_ms": 5}}');
    await rm(file);
    await mkdir(file);
    await follower.look();
    await follower.look();
    expect(errors).toHaveLength(1);
    expect(changes).toEqual([{ inference: { delay_ms: 5 } }]);
  });

  it('that never had a fault leaves nothing to end', () => {
    follower.stop();
    expect(changes).toEqual([]);
  });

  it('is looked at again every second', async () => {
    await writeFile(file, '{"inference": {"delay_ms": 9}}');
    const changed = new Promise<void>((resolve) => {
      follower.stop();
      follower = watchFaultFile({
        file: join(folder, 'later.json'),
        clock,
        onChange: () => resolve(),
        onError: (error) => void errors.push(error),
      });
    });
    await follower.look();
    await writeFile(join(folder, 'later.json'), '{"inference": {"delay_ms": 9}}');
    clock.advance(1000);
    await changed;
  });
});
