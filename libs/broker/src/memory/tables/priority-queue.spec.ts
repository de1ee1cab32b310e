import * as fc from 'fast-check';
import { PriorityQueue } from './priority-queue';

type Change =
  | { readonly do: 'add' | 'reprioritise'; readonly id: string; readonly key: number }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'removeFirst' };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', '__proto__', 'constructor');
// Few different keys, so that there are many equal ones.
const key = fc.constantFrom(-1, 0, 0.5, 1, 2, 3, 4, Number.POSITIVE_INFINITY);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), id, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reprioritise' as const), id, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeFirst' as const) }) },
);

/** The same queue as an array in order of insertion that is sorted (stably) at every read. */
class SortedArray {
  private items: { readonly id: string; key: number }[] = [];

  get ids(): string[] {
    return this.items.toSorted((a, b) => (a.key === b.key ? 0 : a.key - b.key)).map((item) => item.id);
  }

  find(wanted: string): { readonly id: string; key: number } | undefined {
    return this.items.find((item) => item.id === wanted);
  }

  add(added: string, at: number): void {
    this.items.push({ id: added, key: at });
  }

  remove(removed: string): void {
    this.items = this.items.filter((item) => item.id !== removed);
  }
}

describe('the priority queue', () => {
  it('behaves like a sorted array, whatever is added, removed and moved', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80, size: 'max' }), (changes) => {
        const queue = new PriorityQueue<string>();
        const model = new SortedArray();
        for (const step of changes) {
          if (step.do === 'add') {
            if (model.find(step.id)) {
              expect(() => queue.insert(step.id, step.key, step.id)).toThrow('already');
            } else {
              queue.insert(step.id, step.key, step.id);
              model.add(step.id, step.key);
            }
          } else if (step.do === 'reprioritise') {
            const known = model.find(step.id);
            expect(queue.reprioritise(step.id, step.key)).toBe(known !== undefined);
            if (known) known.key = step.key;
          } else {
            const removed = step.do === 'remove' ? step.id : (model.ids[0] ?? 'nothing');
            expect(queue.remove(removed)).toBe(model.find(removed)?.id);
            model.remove(removed);
          }
          const [first] = model.ids;
          expect(queue.peek()?.value).toBe(first);
          expect(queue.peek()?.key).toBe(first === undefined ? undefined : model.find(first)?.key);
          expect(queue.size).toBe(model.ids.length);
          expect([...queue]).toEqual(model.ids);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('returns equal keys in order of insertion', () => {
    const queue = new PriorityQueue<number>();
    for (let n = 0; n < 50; n += 1) queue.insert(`id${n}`, 7, n);
    const order: number[] = [];
    for (let first = queue.peek(); first; first = queue.peek()) {
      order.push(first.value);
      queue.remove(first.id);
    }
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('refuses keys that cannot be ordered and stays as it was', () => {
    const queue = new PriorityQueue<string>();
    queue.insert('a', 1, 'a');
    expect(() => queue.insert('b', Number.NaN, 'b')).toThrow('must be a number');
    expect(() => queue.reprioritise('a', Number.NaN)).toThrow('must be a number');
    expect([...queue]).toEqual(['a']);
    queue.insert('b', 0, 'b');
    expect([...queue]).toEqual(['b', 'a']);
  });
});
