import { Batcher } from './batcher';

/** A batcher, and the items of each command. Each item is answered by itself in capitals. */
function createBatcher(enough = 3) {
  const commands: string[][] = [];
  const batcher = new Batcher<string, string>(async (items) => {
    commands.push([...items]);
    if (items.includes('poison')) throw new Error('refused');
    return items.filter((item) => item !== 'mute').map((item) => item.toUpperCase());
  }, enough);
  return { batcher, commands };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('calls that are made at the same moment', () => {
  it('go in one command, in order, and each gets its own results', async () => {
    const { batcher, commands } = createBatcher(10);
    const answers = await Promise.all([
      batcher.sendBatched(['a']),
      batcher.sendBatched(['b', 'c']),
      batcher.sendBatched([]),
    ]);
    expect([answers, commands]).toEqual([[['A'], ['B', 'C'], []], [['a', 'b', 'c']]]);
    await batcher.sendBatched(['later']);
    expect(commands).toEqual([['a', 'b', 'c'], ['later']]);
  });

  it('leave at once when there are enough: the store starts before the rest is ready', async () => {
    const { batcher, commands } = createBatcher(2);
    const answers = Promise.all(['a', 'b', 'c'].map((item) => batcher.sendBatched([item])));
    expect(commands).toEqual([['a', 'b']]);
    await answers;
    expect(commands).toEqual([['a', 'b'], ['c']]);
  });

  it('are never split: an error of one command would not show what became of the rest', async () => {
    const { batcher, commands } = createBatcher(2);
    await Promise.all([
      batcher.sendBatched(['a']),
      batcher.sendBatched(['b', 'c', 'd', 'e']),
      batcher.sendBatched(['f']),
    ]);
    expect(commands).toEqual([['a', 'b', 'c', 'd', 'e'], ['f']]);
  });

  it('do not wait for those before them, and these do not wait for them', async () => {
    const commands: number[] = [];
    let answerFirst: () => void = () => undefined;
    const batcher = new Batcher<string, string>((items) => {
      commands.push(items.length);
      if (commands.length > 1) return Promise.resolve(items);
      return new Promise((resolve) => (answerFirst = () => resolve(items)));
    }, 10);
    const first = batcher.sendBatched(['a']);
    await turn();
    expect(await batcher.sendBatched(['b'])).toEqual(['b']);
    answerFirst();
    expect(await first).toEqual(['a']);
  });

  it('get the error of their command, and of no other', async () => {
    const { batcher } = createBatcher(2);
    const outcomes = await Promise.allSettled(
      ['a', 'poison', 'b', 'c', 'd'].map((item) => batcher.sendBatched([item])),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('all fail if a result is missing, because it is unknown whose', async () => {
    const { batcher } = createBatcher(10);
    const outcomes = await Promise.allSettled(['a', 'mute'].map((item) => batcher.sendBatched([item])));
    expect(outcomes).toMatchObject([{ reason: { code: 'internal' } }, { reason: { code: 'internal' } }]);
  });
});
