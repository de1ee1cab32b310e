import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The account of an IMAP server for tests. */
export interface ImapAccount {
  readonly user: string;
  readonly password: string;
}

/** A mail as the server keeps it. */
export interface StoredMail {
  /** Its name in the Maildir, which it keeps for good. */
  readonly name: string;
  /** `\Seen`, `\Flagged` and keywords. */
  readonly flags: readonly string[];
}

interface Parts extends ImapAccount {
  readonly port: number;
  /** The Maildir of the account. */
  readonly mails: string;
  /** To whom its files have to belong; `undefined` for whoever writes them. */
  readonly owner: number | undefined;
  launch(): Promise<void>;
  end(): Promise<void>;
  remove(): Promise<void>;
}

const FLAGS: Readonly<Record<string, string>> = { S: '\\Seen', F: '\\Flagged', T: '\\Deleted' };

/** A real IMAP server of one test, with one account. `startImapServer` creates it. */
export class ImapServer {
  private delivered = 0;

  constructor(private readonly parts: Parts) {}

  /** Its port on 127.0.0.1. The same after a restart. */
  get port(): number {
    return this.parts.port;
  }

  /** Its account. */
  get account(): ImapAccount {
    return { user: this.parts.user, password: this.parts.password };
  }

  /** Address and user, in the form of `MAILBOX_IMAP_URL`. */
  get url(): string {
    return `imap://${this.parts.user}@127.0.0.1:${this.parts.port}`;
  }

  /**
   * Delivers a mail to the inbox, byte for byte. Mails have the order in which they are delivered.
   * @returns its name
   */
  async deliver(mail: string | Uint8Array): Promise<string> {
    for (const folder of ['tmp', 'new', 'cur']) this.ensure(folder);
    this.delivered += 1;
    // The server sorts new mails by the number in front.
    const name = `${1_700_000_000 + this.delivered}.${randomUUID()}.test`;
    const file = join(this.parts.mails, 'tmp', name);
    await writeFile(file, mail);
    if (this.parts.owner !== undefined) chownSync(file, this.parts.owner, this.parts.owner);
    await rename(file, join(this.parts.mails, 'new', name));
    return name;
  }

  /** The mails of a folder, in the order of their delivery. Read from the disk, so that no connection is needed. */
  async stored(folder = 'INBOX'): Promise<readonly StoredMail[]> {
    const directory = folder === 'INBOX' ? this.parts.mails : join(this.parts.mails, `.${folder}`);
    if (!existsSync(join(directory, 'cur'))) return [];
    const [fresh, seen, keywords] = await Promise.all([
      readdir(join(directory, 'new')),
      readdir(join(directory, 'cur')),
      readFile(join(directory, 'dovecot-keywords'), 'utf8').catch(() => ''),
    ]);
    const names = new Map(keywords.split('\n').map((line) => line.split(' ') as [string, string]));
    return [...fresh, ...seen].sort().map((file) => {
      // Behind the name, the server may write sizes (`,S=`), and its flags last (`:2,`).
      const name = file.split(/[,:]/, 1)[0] ?? '';
      const letters = file.split(':2,')[1] ?? '';
      return { name, flags: [...letters].flatMap((letter) => flagOf(letter, names)) };
    });
  }

  /** Forgets the UIDs of all mails, as after a restore of a backup: the folder gets another UIDVALIDITY. Only while the server is ended. */
  async forgetUids(): Promise<void> {
    const { mails } = this.parts;
    for (const file of await readdir(mails)) if (/^dovecot\.(?:index|list)/.test(file)) await rm(join(mails, file));
    const list = join(mails, 'dovecot-uidlist');
    const validity = Number(/ V(\d+)/.exec(await readFile(list, 'utf8'))?.[1]);
    // Shorter than what it replaces, and in the same file: its owner stays.
    await writeFile(list, `3 V${validity + 1} N1\n`);
  }

  /** Ends the process at once; the mails stay. */
  kill(): Promise<void> {
    return this.parts.end();
  }

  /** Starts it again on the same port. @throws Error when it does not come up */
  async restart(): Promise<void> {
    await this.parts.end();
    await this.parts.launch();
  }

  /** Ends the process and removes its directory. */
  stop(): Promise<void> {
    return this.parts.remove();
  }

  private ensure(folder: string): void {
    const directory = join(this.parts.mails, folder);
    if (existsSync(directory)) return;
    mkdirSync(directory, { mode: 0o700 });
    if (this.parts.owner !== undefined) chownSync(directory, this.parts.owner, this.parts.owner);
  }
}

/** Keywords are small letters, which a file of the folder numbers from `a` on. */
function flagOf(letter: string, keywords: ReadonlyMap<string, string>): string[] {
  const flag = FLAGS[letter] ?? keywords.get(String(letter.charCodeAt(0) - 'a'.charCodeAt(0)));
  return flag === undefined ? [] : [flag];
}
