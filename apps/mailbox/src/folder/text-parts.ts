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
  /** Names of attachments, as far as they have some. */
  readonly attachments: readonly string[];
  /** Whether it has no attachment. */
  readonly isOnlyText: boolean;
}

/** The whole body of a mail, as text. */
export const WHOLE_BODY: PartOfText = { section: 'TEXT', type: 'text/plain', charset: undefined, encoding: '8bit' };

/** Text parts and names of attachments beyond these are not looked at. */
const MOST_PARTS = 8;
const MOST_ATTACHMENTS = 20;

/** What is looked at of a structure, which may have any number of nodes. */
const MOST_NODES = 1_000;

/** What is no type at all is read as plain text, as RFC 2045 (5.2) says. */
const TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/** Finds the text parts of a mail, in their order, and its attachments. Mails within mails are attachments. */
export function structureOf(root: MessageStructureObject): MailStructure {
  const texts: PartOfText[] = [];
  const attachments: MessageStructureObject[] = [];
  const left = [root];
  for (let seen = 0; seen < MOST_NODES; seen += 1) {
    const node = left.shift();
    if (node === undefined) break;
    const named = node.type.toLowerCase();
    const type = TYPE.test(named) ? named : 'text/plain';
    if (type.startsWith('multipart/')) left.unshift(...(node.childNodes ?? []));
    else if (isText(type) && node.disposition?.toLowerCase() !== 'attachment') texts.push(partOf(node, type));
    else attachments.push(node);
  }
  return {
    texts: texts.slice(0, MOST_PARTS),
    attachments: attachments.slice(0, MOST_ATTACHMENTS).flatMap(nameOf),
    isOnlyText: attachments.length === 0,
  };
}

const isText = (type: string): type is PartOfText['type'] => type === 'text/plain' || type === 'text/html';

function partOf({ part, parameters, encoding }: MessageStructureObject, type: PartOfText['type']): PartOfText {
  return { section: part ?? WHOLE_BODY.section, type, charset: parameters?.['charset'], encoding };
}

function nameOf({ dispositionParameters, parameters }: MessageStructureObject): string[] {
  const name = dispositionParameters?.['filename'] ?? parameters?.['name'];
  return name === undefined ? [] : [name];
}
