import type { MessageStructureObject } from 'imapflow';
import { structureOf } from './text-parts';

const leaf = (part: string, type: string, more: Partial<MessageStructureObject> = {}): MessageStructureObject => ({
  part,
  type,
  ...more,
});
const sections = (node: MessageStructureObject) =>
  structureOf(node).texts.map(({ section, type }) => `${section} ${type}`);

describe('the text parts of a mail', () => {
  it('are all that are not attached, in their order', () => {
    const structure = structureOf({
      type: 'multipart/mixed',
      childNodes: [
        {
          ...leaf('1', 'multipart/related'),
          childNodes: [
            {
              ...leaf('1.1', 'multipart/alternative'),
              childNodes: [leaf('1.1.1', 'text/plain'), leaf('1.1.2', 'TEXT/HTML')],
            },
            leaf('1.2', 'image/png', { dispositionParameters: { filename: 'logo.png' } }),
          ],
        },
        leaf('2', 'text/plain', { disposition: 'ATTACHMENT', dispositionParameters: { filename: 'log.txt' } }),
        { ...leaf('3', 'message/rfc822'), childNodes: [leaf('3.1', 'text/plain')] },
        leaf('4', 'text/plain', { disposition: 'inline', parameters: { charset: 'koi8-r' }, encoding: 'base64' }),
      ],
    });
    expect(structure.texts.map(({ section }) => section)).toEqual(['1.1.1', '1.1.2', '4']);
    expect(structure.texts[2]).toEqual({ section: '4', type: 'text/plain', charset: 'koi8-r', encoding: 'base64' });
    expect(structure).toMatchObject({ attachments: ['logo.png', 'log.txt'], isOnlyText: false });
  });

  it('are the body of a mail that has one part, also of one whose type is none', () => {
    expect(sections({ type: 'text/html' })).toEqual(['TEXT text/html']);
    expect(sections({ type: 'foo/' })).toEqual(['TEXT text/plain']);
    expect(structureOf({ type: 'application/pdf' })).toMatchObject({ texts: [], isOnlyText: false });
  });

  it('are few, whatever the structure', () => {
    const wide = {
      type: 'multipart/mixed',
      childNodes: Array.from({ length: 50_000 }, (_, at) => leaf(String(at + 1), 'text/plain')),
    };
    expect(sections(wide)).toHaveLength(8);
    let deep: MessageStructureObject = leaf('1', 'text/plain');
    for (let depth = 0; depth < 500; depth += 1) deep = { type: 'multipart/mixed', childNodes: [deep] };
    expect(sections(deep)).toEqual(['1 text/plain']);
    const pdfs = Array.from({ length: 500 }, () => leaf('2', 'application/pdf', { parameters: { name: 'a.pdf' } }));
    expect(structureOf({ type: 'multipart/mixed', childNodes: pdfs }).attachments).toHaveLength(20);
  });
});
