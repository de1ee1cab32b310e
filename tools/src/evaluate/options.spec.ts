import { readOptions } from './options';

describe('the arguments of an evaluation', () => {
  it('need tickets alone', () => {
    expect(readOptions(['--tickets=a.csv', '--tickets=b.jsonl'])).toMatchObject({
      files: ['a.csv', 'b.jsonl'],
      columns: { text: 'text', subject: undefined, category: 'category', urgency: 'urgency' },
      ...{ named: [], baseline: false, alertThreshold: 0.8, alertFrom: undefined },
    });
  });

  it('switch a column off by an empty name', () => {
    const options = readOptions(['--tickets=a.csv', '--category=', '--urgency=level']);
    expect(options).toMatchObject({ columns: { category: undefined, urgency: 'level' }, named: ['urgency'] });
  });

  it('name the level from which a ticket is an alert', () => {
    const args = ['--tickets=a.csv', '--urgency-levels=low,medium,high', '--alert-from=High'];
    expect(readOptions(args)).toMatchObject({ alertFrom: 3 });
  });

  it.each([
    [[], '--tickets=<file> is missing'],
    [['--tickets=a.xlsx'], 'a.xlsx: is it CSV or JSON lines?'],
    [['--tickets=a.csv', '--format=xml'], '--format must be one of csv, jsonl'],
    [['--tickets=a.csv', '--alert-threshold=2'], '--alert-threshold must be a number from 0 to 1'],
    [['--tickets=a.csv', '--alert-threshold='], '--alert-threshold must be a number from 0 to 1'],
    [['--tickets=a.csv', '--alert-from=high'], '--alert-from must be a number'],
    [['--tickets=a.csv', '--urgency-levels=low,high', '--alert-from=x'], 'one of the levels'],
    [['--tickets=a.csv', '--map-category=x'], '--map-category: "x" is not'],
    [['--tickets=a.csv', '--delimiter=ab'], '--delimiter must be one character'],
    [['--tickets=a.csv', '--html='], '--html must name a file'],
    [['--ticket=a.csv'], '--ticket'],
    [['--tickets=a.csv', '--tickets=./a.csv'], 'a.csv is named twice'],
    [['--tickets=a.csv', '--html=b/../a.csv'], 'a.csv is named twice'],
    [['--tickets=a.csv', '--html=o.x', '--json=o.x'], 'o.x is named twice'],
    [['--tickets=a.csv', '--urgency-levels=low,high,Low'], 'a level stands there twice'],
    [['--tickets=a.csv', '--map-category=a:Legal,A:Billing'], '"A:Billing" says something else'],
    [['--tickets=a.csv', '--map-category=Legal:Billing'], '"Legal:Billing" says something else'],
    [['--tickets=a.csv', '--alert-from=0x1F'], '--alert-from must be a number'],
  ])('that are wrong are refused: %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
