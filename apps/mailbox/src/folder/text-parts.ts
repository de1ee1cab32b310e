import type { MessageStructureObject } from 'imapflow';

/** A text part in the structure of a mail. */
export interface PartOfText {
  /** The section of it, as IMAP names it: `1.2`, or `TEXT` for the body of a mail that has one part. */
  readonly section: string;
  readonly type: 'text/plain' | 'text/html';
  readonly charset: string | undefined;
  readonly encoding: string | undefined;
}

/** What a mail consists of, as far as tickets need it. */
export interface MailStructure {
  readonly texts: readonly PartOfText[];
  /** Names of attachments. */
  readonly attachments: readonly string[];
}

/** Text parts and names of attachments beyond these are not looked at. */
const MOST_PARTS = 8;
const MOST_ATTACHMENTS = 20;

/** What is looked at of a structure, which may have any number of nodes. */
const MOST_NODES = 1_000;

/**
 * Finds the text parts of a mail, in their order, and the names of its attachments. Mails within mails are attachments.
 * A multipart without parts, which is what a server makes of a broken one, is read as plain text.
 */
export function structureOf(root: MessageStructureObject): MailStructure {
  const texts: PartOfText[] = [];
  const attachments: string[] = [];
  const left: MessageStructureObject[] = [root];
  for (let seen = 0; seen < MOST_NODES; seen += 1) {
    const node = left.shift();
    if (node === undefined) break;
    const type = node.type.toLowerCase();
    const children = type.startsWith('multipart/') ? (node.childNodes ?? []) : [];
    if (children.length > 0) left.unshift(...children);
    else if (isText(type) && node.disposition?.toLowerCase() !== 'attachment') texts.push(partOf(node, type));
    else if (type.startsWith('multipart/')) texts.push(partOf({ ...node, encoding: '8bit' }, 'text/plain'));
    else attachments.push(...nameOf(node));
  }
  return { texts: texts.slice(0, MOST_PARTS), attachments: attachments.slice(0, MOST_ATTACHMENTS) };
}

const isText = (type: string): type is PartOfText['type'] => type === 'text/plain' || type === 'text/html';

function partOf({ part, parameters, encoding }: MessageStructureObject, type: PartOfText['type']): PartOfText {
  return { section: part ?? 'TEXT', type, charset: parameters?.['charset'], encoding };
}

function nameOf({ dispositionParameters, parameters }: MessageStructureObject): string[] {
  const name = dispositionParameters?.['filename'] ?? parameters?.['name'];
  return name === undefined ? [] : [name];
}
