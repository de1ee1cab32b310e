import { createLogger } from '@smart-support/telemetry';
import { StoreNews } from './store-news';

function begin() {
  const lines: { level: string; err?: { message: string } }[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const gauge: boolean[] = [];
  const news = new StoreNews(createLogger({ level: 'info', name: 'spec', destination: { write } }), {
    showRedis: (isUp) => void gauge.push(isUp),
  });
  return { news, gauge, levels: () => lines.map(({ level }) => level), lines };
}

describe('the news of a shared Redis', () => {
  it('that is there from the start are one line', () => {
    const { news, gauge, levels } = begin();
    news.change('up');
    expect(levels()).toEqual(['info']);
    expect(gauge).toEqual([false, true]);
  });

  it('that is away at the start are one warning with the reason, however often it is tried', () => {
    const { news, lines, levels } = begin();
    for (let tries = 0; tries < 5; tries += 1) news.trouble(new Error('connection refused'));
    expect(lines).toMatchObject([{ level: 'warn', err: { message: 'connection refused' } }]);
    news.change('up');
    expect(levels()).toEqual(['warn', 'info']);
  });

  it('that goes away and comes back are one line for each change', () => {
    const { news, gauge, lines, levels } = begin();
    news.change('up');
    news.trouble(new Error('connection reset'));
    news.change('down');
    news.trouble(new Error('connection refused'));
    news.change('down');
    news.change('up');
    expect(levels()).toEqual(['info', 'warn', 'info']);
    expect(lines[1]).toMatchObject({ err: { message: 'connection reset' } });
    expect(gauge).toEqual([false, true, false, true]);
  });

  it('do not give an old reason for a new absence', () => {
    const { news, lines } = begin();
    news.trouble(new Error('an old one'));
    news.change('up');
    news.change('down');
    expect(lines.at(-1)).not.toHaveProperty('err');
  });
});
