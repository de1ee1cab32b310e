import * as fc from 'fast-check';
import { LinkedList, type Linked } from './linked-list';

class Item implements Linked<Item> {
  list: object | null = null;
  previous: Item | null = null;
  next: Item | null = null;
  constructor(readonly name: number) {}
}

describe('the linked list', () => {
  it('behaves like an array, whatever is added at the ends and removed from anywhere', () => {
    const change = fc.record({ do: fc.constantFrom('append', 'prepend', 'remove', 'remove'), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60, size: 'max' }), (changes) => {
        const list = new LinkedList<Item>();
        const model: Item[] = [];
        for (const [name, step] of changes.entries()) {
          const item = new Item(name);
          if (step.do === 'append') {
            list.append(item);
            model.push(item);
          } else if (step.do === 'prepend') {
            list.prepend(item);
            model.unshift(item);
          } else if (model.length > 0) {
            const [removed] = model.splice(step.pick % model.length, 1);
            list.remove(removed!);
            list.append(removed!);
            list.remove(removed!);
          }
          expect([...list]).toEqual(model);
          expect(list.first).toBe(model[0] ?? null);
          expect(list.size).toBe(model.length);
        }
      }),
    );
  });

  it('lets an item be in one place only', () => {
    const [one, other] = [new LinkedList<Item>(), new LinkedList<Item>()];
    const item = new Item(1);
    one.append(item);
    expect(() => one.append(item)).toThrow('in a list already');
    expect(() => other.prepend(item)).toThrow('in a list already');
    expect(() => other.remove(item)).toThrow('not in');
    expect([[...one], [...other]]).toEqual([[item], []]);
  });

  it('can be emptied while it is walked', () => {
    const list = new LinkedList<Item>();
    for (const name of [1, 2, 3]) list.append(new Item(name));
    const seen: number[] = [];
    for (const item of list) {
      seen.push(item.name);
      list.remove(item);
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(list.size).toBe(0);
  });
});
