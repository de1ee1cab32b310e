import { doubtfulMembers } from './doubtful-members';

describe('doubtful members of an incident, by its keys', () => {
  const similarity = { a: '1 - r:a', b: '0.91 -l r:b', c: '0.99 !s r:c', d: '1 ! r:d', e: '1 - r:e' };

  it('are those with a mark, and those of another category than most', () => {
    const counted = { a: 'Billing', b: 'Billing', c: 'Billing', d: 'Billing', e: 'Legal' };
    expect(doubtfulMembers({ fields: {}, similarity, counted })).toEqual(['b', 'c', 'e']);
  });

  it('are none by their category where several have most members, or where it is not known', () => {
    expect(doubtfulMembers({ fields: {}, similarity, counted: { a: 'Billing', e: 'Legal' } })).toEqual(['b', 'c']);
    expect(doubtfulMembers({ fields: {}, similarity, counted: {} })).toEqual(['b', 'c']);
  });

  it('go by the categories of the moment when it was resolved', () => {
    const counted = { a: 'Billing', d: 'Billing', e: 'Legal' };
    expect(doubtfulMembers({ fields: { main_categories: 'Legal' }, similarity, counted })).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});
