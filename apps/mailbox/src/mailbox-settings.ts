import type { Config } from '@smart-support/config';
import { SmartSupportError } from '@smart-support/contracts';

/** Where the folder is. */
export interface ImapSettings {
  readonly host: string;
  readonly port: number;
  /** Whether the connection begins with TLS. */
  readonly isTls: boolean;
  /** Whether a connection that does not must change to it before the password is sent. */
  readonly needsStartTls: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** Where mails are moved to; `undefined` where they stay and get a keyword. */
  readonly takenFolder: string | undefined;
}

/** The names of this machine, which a password may be sent to in clear text. */
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/**
 * Where a mailbox takes its mails from.
 * @throws SmartSupportError `invalid_config` where no server or no password is named: without them there is nothing to do
 */
export function imapSettings({ mailbox: { imapUrl, password, folder, takenFolder } }: Config): ImapSettings {
  if (imapUrl === undefined || password === undefined)
    throw new SmartSupportError(
      'invalid_config',
      'A mailbox takes its mails from an IMAP server: set MAILBOX_IMAP_URL, for example to imaps://help@imap.example.org, and MAILBOX_PASSWORD.',
    );
  if (takenFolder === folder)
    throw new SmartSupportError('invalid_config', 'MAILBOX_TAKEN_FOLDER must be another folder than MAILBOX_FOLDER.');
  const { protocol, hostname, port, username } = new URL(imapUrl);
  const isTls = protocol === 'imaps:';
  const host = hostname.replaceAll(/[[\]]/g, '');
  return {
    ...{ host, port: port === '' ? (isTls ? 993 : 143) : Number(port) },
    ...{ isTls, needsStartTls: !isTls && !THIS_MACHINE.test(host) },
    ...{ user: decodeURIComponent(username), password, folder, takenFolder },
  };
}
