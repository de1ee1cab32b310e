import { SmartSupportError, type TimerClock } from '@smart-support/contracts';
import { type FetchMessageObject, ImapFlow } from 'imapflow';
import type { ImapSettings } from '../mailbox-settings';
import { pause } from '../pause';
import type { FetchedMail, MailFolder, Mark, TextPart } from './mail-folder';
import { type MailStructure, type PartOfText, WHOLE_BODY, structureOf } from './text-parts';

/** Marks a mail that stays in the folder. */
const TAKEN_KEYWORD = 'SmartSupportTaken';

/** Bytes that are fetched of a header, in which a mail to 500 recipients fits several times, and of each text part. */
const HEADER_BYTES = 131_072;
const PART_BYTES = 262_144;

/** No answer that is asked for here has more bytes. Beyond them the connection ends. */
const MOST_RESPONSE_BYTES = 16 * 1_048_576;

/** How soon the client waits for announcements once it has nothing to do, in milliseconds. */
const IDLE_AFTER_MS = 200;

/** How often an idle connection is renewed, in milliseconds: a server may end one after 30 minutes (RFC 2177), and some networks sooner. */
const IDLE_FOR_MS = 5 * 60_000;

/** A server that accepts no connection, or sends no greeting, within this time is away, in milliseconds. */
const CONNECT_MS = 15_000;

/** A server that is silent for so long in the middle of an answer is gone, in milliseconds. */
const SILENCE_MS = 60_000;

/** Opens the folder on a connection of its own. @throws Error if the server refuses, the folder does not exist or cannot keep marks */
export async function openImapFolder(settings: ImapSettings, clock: TimerClock): Promise<MailFolder> {
  const client = new ImapFlow({
    ...{ host: settings.host, port: settings.port, secure: settings.isTls },
    // `undefined` takes it where there is one.
    doSTARTTLS: settings.needsStartTls ? true : undefined,
    auth: { user: settings.user, pass: settings.password },
    logger: false,
    ...{ autoIdleDelay: IDLE_AFTER_MS, maxIdleTime: IDLE_FOR_MS, socketTimeout: SILENCE_MS },
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS },
    ...{
      maxLiteralSize: MOST_RESPONSE_BYTES,
      maxLineLength: MOST_RESPONSE_BYTES,
      maxResponseSize: 2 * MOST_RESPONSE_BYTES,
    },
    // An IMAP4rev2 session may leave out EXISTS.
    disableIMAP4rev2: true,
  });
  // What failed is thrown by the call that waits for it; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { takenFolder, folder } = settings;
    if (takenFolder !== undefined) await client.mailboxCreate(takenFolder);
    const { readOnly, permanentFlags, uidValidity } = await client.mailboxOpen(folder);
    const keeps = (flag: string): boolean => permanentFlags?.has(flag) ?? false;
    if (readOnly) throw unusable('it can only be read');
    if (takenFolder === undefined && !keeps('\\*') && !keeps(TAKEN_KEYWORD))
      throw unusable('its server keeps no keywords: set MAILBOX_TAKEN_FOLDER');
    return new ImapFolder(client, String(uidValidity), takenFolder, clock);
  } catch (error) {
    client.close();
    throw error;
  }
}

const unusable = (why: string): SmartSupportError =>
  new SmartSupportError('invalid_config', `MAILBOX_FOLDER cannot be used: ${why}`);

/** Of a mail of which only the header is read. */
const NO_STRUCTURE: MailStructure = { texts: [], attachments: [], isOnlyText: false };

class ImapFolder implements MailFolder {
  private hasNews = false;
  private endWait: () => void = () => undefined;

  constructor(
    private readonly client: ImapFlow,
    readonly validity: string,
    private readonly takenFolder: string | undefined,
    private readonly clock: TimerClock,
  ) {
    client.on('exists', () => this.announce());
    client.on('close', () => this.announce());
  }

  async unmarked(): Promise<readonly number[]> {
    this.hasNews = false;
    const query = this.takenFolder === undefined ? { unKeyword: TAKEN_KEYWORD } : {};
    const found = await this.client.search({ deleted: false, ...query }, { uid: true });
    if (!found) throw new Error('The server refused to search the folder');
    return [...found].sort((one, other) => one - other);
  }

  async read(uid: number, headerOnly: boolean): Promise<FetchedMail | undefined> {
    const { client } = this;
    const head = await client.fetchOne(
      String(uid),
      {
        internalDate: true,
        bodyStructure: !headerOnly,
        bodyParts: [{ key: 'HEADER', start: 0, maxLength: HEADER_BYTES }],
      },
      { uid: true },
    );
    if (!head) return undefined;
    const { texts, attachments, isOnlyText } = head.bodyStructure ? structureOf(head.bodyStructure) : NO_STRUCTURE;
    const parts = await this.partsOf(uid, texts);
    // In a multipart of which the boundary is wrong a server finds no part, or one that is empty.
    const isBroken = isOnlyText && parts.length <= 1 && parts.every(({ bytes }) => bytes.length === 0);
    return {
      header: head.headers ?? new Uint8Array(),
      parts: isBroken ? await this.partsOf(uid, [WHOLE_BODY]) : parts,
      attachments,
      receivedMs: new Date(head.internalDate ?? NaN).getTime() || this.clock.now(),
    };
  }

  async mark(uid: number, mark: Mark): Promise<void> {
    const { client, takenFolder } = this;
    const seen = mark === 'taken' ? '\\Seen' : '\\Flagged';
    const flags = takenFolder === undefined ? [TAKEN_KEYWORD, seen] : [seen];
    // False for a mail that is not there any more, too, which then needs no mark.
    const isMarked = await client.messageFlagsAdd(String(uid), flags, { uid: true });
    const isDone =
      takenFolder === undefined
        ? isMarked || !(await client.fetchOne(String(uid), { flags: true }, { uid: true }))
        : await client.messageMove(String(uid), takenFolder, { uid: true });
    if (!isDone) throw new Error('The server refused to mark a mail');
  }

  async waitForMail(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.hasNews || !this.client.usable) return;
    const announced = new AbortController();
    this.endWait = () => announced.abort();
    await pause(this.clock, milliseconds, AbortSignal.any([signal, announced.signal]));
  }

  async close(): Promise<void> {
    await this.client.logout().catch(() => undefined);
    this.client.close();
  }

  private announce(): void {
    this.hasNews = true;
    this.endWait();
  }

  private async partsOf(uid: number, texts: readonly PartOfText[]): Promise<readonly TextPart[]> {
    if (texts.length === 0) return [];
    const bodyParts = texts.map(({ section }) => ({ key: section, start: 0, maxLength: PART_BYTES }));
    const found = await this.client.fetchOne(String(uid), { bodyParts }, { uid: true });
    if (!found) return [];
    return texts.map(({ section, ...text }) => ({ ...text, bytes: sectionOf(found, section) }));
  }
}

function sectionOf({ bodyParts }: FetchMessageObject, section: string): Uint8Array {
  return bodyParts?.get(section.toLowerCase()) ?? new Uint8Array();
}
