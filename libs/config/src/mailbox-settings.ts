import { apiAddress, imapAddress } from './addresses';
import { apiKeySecret } from './api-keys';
import { optionalSetting, setting } from './setting';
import { folderName, password, portNumber, secondsAsMs } from './setting-kinds';

/** Settings of a mailbox: a part of `SETTINGS_TABLE`. */
export const MAILBOX_SETTINGS = {
  port: setting(portNumber, {
    name: 'MAILBOX_PORT',
    readBy: 'mailbox',
    default: '8002',
    meaning: "Port of a mailbox's own livez, readyz and metrics; 0 picks a free one.",
  }),
  imapUrl: optionalSetting(imapAddress, {
    name: 'MAILBOX_IMAP_URL',
    readBy: 'mailbox',
    meaning:
      'IMAP server and user whose mails become tickets (see docs/connect); imap:// demands STARTTLS of every server that is not on this machine; needed to start a mailbox.',
  }),
  password: optionalSetting(password, {
    name: 'MAILBOX_PASSWORD',
    readBy: 'mailbox',
    meaning: 'Password of that user; needed to start a mailbox.',
    secret: true,
  }),
  folder: setting(folderName, {
    name: 'MAILBOX_FOLDER',
    readBy: 'mailbox',
    default: 'INBOX',
    meaning: 'Folder whose mails become tickets: all that are there, old ones included, and all that arrive.',
  }),
  takenFolder: optionalSetting(folderName, {
    name: 'MAILBOX_TAKEN_FOLDER',
    readBy: 'mailbox',
    meaning:
      'Folder to which mails are moved once they are tickets; while unset, they stay and get the keyword `SmartSupportTaken`, which needs a server that keeps keywords.',
  }),
  pollMs: setting(secondsAsMs(1, 3600), {
    name: 'MAILBOX_POLL_SECONDS',
    readBy: 'mailbox',
    default: '60',
    meaning:
      'Seconds after which the folder is looked at again where the server has not announced a mail by IDLE before.',
  }),
  gatewayUrl: setting(apiAddress, {
    name: 'MAILBOX_GATEWAY_URL',
    readBy: 'mailbox',
    default: 'http://127.0.0.1:8000',
    meaning: 'Gateway that takes the tickets.',
  }),
  apiKey: optionalSetting(apiKeySecret, {
    name: 'MAILBOX_API_KEY',
    readBy: 'mailbox',
    meaning: 'The key with which a mailbox calls the gateway, of the role ingest; needed where that has API_KEYS.',
    secret: true,
  }),
} as const;
