import { aRecording, anEmptyRecording } from '../spec-support/recordings';
import { drawPage } from './page';
import { drawPicture } from './picture';
import { element, escaped, label } from './svg';
import { drawTimeline } from './timeline';

/** What is wrong with the markup: tags that do not close, or numbers that are none. */
function faultsOf(svg: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, slash, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*)?\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) faults.push(`</${name}>`);
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return [...faults, ...open, ...(svg.match(/NaN|Infinity|undefined/g) ?? [])];
}

const DAYS = [
  ['with everything', aRecording()],
  ['without anything', anEmptyRecording()],
  ['without samples', { ...aRecording(), samples: [] }],
] as const;

describe.each(DAYS)('the drawings of a day %s', (_, recording) => {
  it('have balanced tags and finite numbers', () => {
    expect(faultsOf(drawTimeline(recording))).toEqual([]);
    expect(faultsOf(drawPicture(recording))).toEqual([]);
  });

  it('load nothing', () => {
    const page = drawPage(recording);
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(/);
    expect(page.match(/https?:\/\/[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  });
});

describe('the timeline', () => {
  it('shows scenarios, marks, states and incidents by name', () => {
    const svg = drawTimeline(aRecording());
    for (const name of ['1 verbatim storm', 'resolved', 'sync', 'open', '11 members', '3 members, gone', 'Mara'])
      expect(svg).toContain(name);
  });
});

describe('the page', () => {
  it('shows whether all audits pass, and the violations', () => {
    const page = drawPage(aRecording());
    expect(page).toContain('1 of 2 invariants fail');
    expect(page).toContain('office-1: &#60;lost&#62;');
    const fine = { ...aRecording(), findings: aRecording().findings.slice(0, 1) };
    expect(drawPage(fine)).toContain('all 1 invariants hold');
  });

  it('names the changed settings and their defaults', () => {
    expect(drawPage(aRecording())).toMatch(/LEASE_MS.*3000.*30000/);
  });
});

describe('markup', () => {
  it('escapes text', () => {
    expect(escaped('<a href="x">&')).toBe('&#60;a href=&#34;x&#34;&#62;&#38;');
    expect(label('<', 1, 2)).toBe('<text x="1" y="2">&#60;</text>');
  });

  it('refuses numbers that are not finite', () => {
    expect(() => element('rect', { x: NaN })).toThrow(RangeError);
  });
});
