import { MailLines } from './mail-lines';

function kinds(text: string): string[] {
  const lines = new MailLines(text);
  const found: string[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    found.push(`${line.kind}: ${text.slice(line.begin, line.end)}`);
  }
  return found;
}

describe('the lines of a mail', () => {
  it('skips who wrote to whom and when, and reads the subject', () => {
    expect(kinds('From: Ann <ann@example.com>\nSent: Monday\nSubject: Refund\nTo : desk\nHello')).toEqual([
      'skipped: From: Ann <ann@example.com>',
      'skipped: Sent: Monday',
      'plain: Subject: Refund',
      'skipped: To : desk',
      'plain: Hello',
    ]);
  });

  it('skips the headers inside a quotation, too, and separates quoted words from own ones', () => {
    expect(kinds('See below\n> Date: Friday\n> > the old words')).toEqual([
      'plain: See below',
      'skipped: Date: Friday',
      'quoted: the old words',
    ]);
  });

  it('skips a signature up to the next empty line, and five lines of it at most', () => {
    expect(kinds('Help\n-- \nAnn\nManager\n\nForwarded words')).toEqual([
      'plain: Help',
      'skipped: -- ',
      'skipped: Ann',
      'skipped: Manager',
      'skipped: ',
      'plain: Forwarded words',
    ]);
    expect(kinds('--\n1\n2\n3\n4\n5\n6').at(-1)).toBe('plain: 6');
  });

  it('does not take a sentence with a colon for a header', () => {
    expect(kinds('Problem: none of it works')).toEqual(['plain: Problem: none of it works']);
  });
});
