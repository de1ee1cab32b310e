import { Batcher } from './batcher';

/** Items that go together, with what each command carried. Every item is answered by itself in capitals. */
function aScene(enough = 3) {
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
  it('go in one command, in order, and each gets its own answers', async () => {
    const { batcher, commands } = aScene(10);
    const answers = await Promise.all([batcher.add(['a']), batcher.add(['b', 'c']), batcher.add([])]);
    expect([answers, commands]).toEqual([[['A'], ['B', 'C'], []], [['a', 'b', 'c']]]);
    await batcher.add(['later']);
    expect(commands).toEqual([['a', 'b', 'c'], ['later']]);
  });

  it('leave at once when they are enough: the store begins before the rest is ready', async () => {
    const { batcher, commands } = aScene(2);
    const answers = Promise.all(['a', 'b', 'c'].map((item) => batcher.add([item])));
    expect(commands).toEqual([['a', 'b']]);
    await answers;
    expect(commands).toEqual([['a', 'b'], ['c']]);
  });

  it('are never divided: an error of one command would not say what became of the rest', async () => {
    const { batcher, commands } = aScene(2);
    await Promise.all([batcher.add(['a']), batcher.add(['b', 'c', 'd', 'e']), batcher.add(['f'])]);
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
    const first = batcher.add(['a']);
    await turn();
    expect(await batcher.add(['b'])).toEqual(['b']);
    answerFirst();
    expect(await first).toEqual(['a']);
  });

  it('are told what befell their command, and nothing of others', async () => {
    const { batcher } = aScene(2);
    const outcomes = await Promise.allSettled(['a', 'poison', 'b', 'c', 'd'].map((item) => batcher.add([item])));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('are all refused if an answer is missing: nobody knows whose', async () => {
    const { batcher } = aScene(10);
    const outcomes = await Promise.allSettled(['a', 'mute'].map((item) => batcher.add([item])));
    expect(outcomes).toMatchObject([{ reason: { code: 'internal' } }, { reason: { code: 'internal' } }]);
  });
});
