import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { readableText } from '@smart-support/ticket-text';
import type { FetchedMail, TextPart } from '../folder/mail-folder';

/** A mail as it is read: every text decoded and without control characters, nothing cut. */
export interface Mail {
  /** As its sender named it, with its angle brackets; `null` where it has no name. */
  readonly messageId: string | null;
  /** Identifies it: its `Message-ID`, or a hash of what was fetched of it. */
  readonly key: string;
  /** The mails that it answers: the one of `In-Reply-To` first, then those of `References`, the root of the thread first. */
  readonly answers: readonly string[];
  /** The address of its author; `null` where none can be read. */
  readonly from: string | null;
  readonly subject: string;
  /** Its text, of HTML what a person reads. */
  readonly text: string;
  readonly attachments: readonly string[];
  /** Fields of its header by which a machine's mail is known, by their names in small letters. */
  readonly machineFields: Readonly<Record<string, string>>;
  readonly receivedMs: number;
}

/** Names of mails. `In-Reply-To` may hold more than that. */
const MESSAGE_IDS = /<[^<>\s]{1,998}>/g;

/** A mail that answers more is answered by its first ones: the root of a thread stands first. */
const MOST_ANSWERED = 10;

const MACHINE_FIELD = /^(?:auto-submitted|precedence|return-path|x-failed-recipients|x-(?:mail-)?auto[a-z-]{0,40})$/;

/** A delivery report says it by its type. */
const REPORT = /^\s*multipart\/report\b/i;

/** Reads what was fetched of a mail. Whatever the bytes are, there is a mail in them. */
export async function readMail(fetched: FetchedMail): Promise<Mail> {
  const { headers, ...fields } = await PostalMime.parse(fetched.header, LIMITS);
  const machineFields = headers.filter(
    ({ key, value }) => MACHINE_FIELD.test(key) || (key === 'content-type' && REPORT.test(value)),
  );
  const messageId = idsIn(fields.messageId)[0] ?? fields.messageId?.trim() ?? '';
  const isNamed = /[^<>\s]/.test(messageId);
  const author = fields.from ?? fields.sender;
  return {
    messageId: isNamed ? messageId : null,
    key: isNamed ? messageId : hashOf(fetched),
    answers: [...new Set([...idsIn(fields.inReplyTo), ...idsIn(fields.references)])].slice(0, MOST_ANSWERED),
    from: printable(author?.address ?? author?.group?.[0]?.address ?? '') || null,
    subject: printable(fields.subject ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    text: printable(await textOf(fetched.parts)),
    attachments: fetched.attachments.map((name) => printable(PostalMime.decodeWords(name))),
    machineFields: Object.fromEntries(machineFields.map(({ key, value }) => [key, value])),
    receivedMs: fetched.receivedMs,
  };
}

function hashOf({ header, parts }: FetchedMail): string {
  const hash = createHash('sha256').update(header);
  for (const { bytes } of parts) hash.update(bytes);
  return hash.digest('hex');
}

/** All but line ends and tabs: they say nothing, and JSON writes each with six characters. */
const CONTROL_CHARACTERS = /[^\P{Cc}\n\t]/gu;

const printable = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROL_CHARACTERS, ' ').toWellFormed().trim();

/** A header is fetched in part, and a part has no parts of its own: what goes beyond this is no mail. */
const LIMITS = { maxNestingDepth: 2, maxRfc822NestingDepth: 0 };

function idsIn(field: string | undefined): readonly string[] {
  return field?.match(MESSAGE_IDS) ?? [];
}

/** The plain texts, or what a person reads of the HTML where these say nothing. */
async function textOf(parts: readonly TextPart[]): Promise<string> {
  for (const type of ['text/plain', 'text/html'] as const) {
    const texts: string[] = [];
    for (const part of parts) if (part.type === type) texts.push(await decoded(part));
    const text = texts.join('\n\n');
    const readable = type === 'text/html' ? readableText(text) : text;
    if (readable.trim() !== '') return readable;
  }
  return '';
}

const CHARSET = /^[\w.:+-]{1,40}$/;
const ENCODING = /^(?:7bit|8bit|binary|quoted-printable|base64)$/i;

/** Characters at the end of a part that was cut: the cut may go through one. */
const CUT = 4;

/**
 * The text of a part. Without a charset, or as ASCII, it is read as UTF-8, which contains ASCII. A text that is said to be UTF-8 and is not is read as Windows-1252, the
 * usual one of old mail programs.
 */
async function decoded({ type, charset, encoding, bytes }: TextPart): Promise<string> {
  const named = charset !== undefined && CHARSET.test(charset) && !/^us-ascii$/i.test(charset) ? charset : 'utf-8';
  const read = async (as: string): Promise<string> => {
    const head = `Content-Type: ${type}; charset=${as}\r\nContent-Transfer-Encoding: ${encoding && ENCODING.test(encoding) ? encoding : '8bit'}\r\n\r\n`;
    const { text, html } = await PostalMime.parse(Buffer.concat([Buffer.from(head), bytes]), LIMITS);
    return (type === 'text/html' ? html : text) ?? '';
  };
  const text = await read(named);
  return /^utf-?8$/i.test(named) && text.slice(0, -CUT).includes('\uFFFD') ? read('windows-1252') : text;
}
