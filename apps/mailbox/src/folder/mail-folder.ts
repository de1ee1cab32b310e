/** The encoded bytes of one text part, as the server has them. */
export interface TextPart {
  readonly type: 'text/plain' | 'text/html';
  /** As the mail says; `undefined` where it says nothing. */
  readonly charset: string | undefined;
  /** The transfer encoding, as the mail says; `undefined` where it says nothing. */
  readonly encoding: string | undefined;
  readonly bytes: Uint8Array;
}

/** What is fetched of a mail: never an attachment, and of everything else a bounded part. */
export interface FetchedMail {
  /** The beginning of its header, as the server has it. */
  readonly header: Uint8Array;
  /** In the order of the mail. Where it says the same in plain text and in HTML, both. */
  readonly parts: readonly TextPart[];
  /** Names of attachments, encoded as in the mail; without those that have none. */
  readonly attachments: readonly string[];
  /** When the server received it, in milliseconds since 1970. */
  readonly receivedMs: number;
}

/** How a mail is marked. A refused one is marked for a person, too: it is flagged and stays unread. */
export type Mark = 'taken' | 'refused';

/** An open folder of an IMAP server. Every method throws once the connection is lost. */
export interface MailFolder {
  /** UIDs name the same mails as before while this is the same. */
  readonly validity: string;
  /** The UIDs of all mails that bear no mark, the earliest first. */
  unmarked(): Promise<readonly number[]>;
  /**
   * Reads a mail.
   * @param headerOnly - without its parts: for a mail whose structure cannot be read
   * @returns `undefined` if it is not there any more
   */
  read(uid: number, headerOnly: boolean): Promise<FetchedMail | undefined>;
  /** Marks a mail, which {@link MailFolder.unmarked} then leaves out. */
  mark(uid: number, mark: Mark): Promise<void>;
  /** Resolves when the server announces a mail, the connection ends, this time is over, or the signal is given. */
  waitForMail(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}
