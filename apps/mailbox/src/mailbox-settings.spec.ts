import { loadConfig } from '@smart-support/config';
import { imapSettings } from './mailbox-settings';

const settings = (imapUrl: string, more = {}) =>
  imapSettings(loadConfig({ MAILBOX_IMAP_URL: imapUrl, MAILBOX_PASSWORD: 'secret', ...more }));

describe('where a mailbox takes its mails from', () => {
  it.each([
    ['imaps://help@imap.example.org', { host: 'imap.example.org', port: 993, isTls: true, needsStartTls: false }],
    ['imap://help@imap.example.org', { host: 'imap.example.org', port: 143, isTls: false, needsStartTls: true }],
    ['imap://help@127.0.0.1:1143', { host: '127.0.0.1', port: 1143, isTls: false, needsStartTls: false }],
    ['imap://help@[::1]:1143', { host: '::1', port: 1143, needsStartTls: false }],
    ['imap://help@127.0.0.1.example.org', { needsStartTls: true }],
    ['imaps://help%40example.org@imap.example.org:9993', { user: 'help@example.org', port: 9993 }],
  ])('is read from %s', (url, expected) => {
    expect(settings(url)).toMatchObject(expected);
  });

  it('needs a server, a password, and two folders if any', () => {
    for (const env of [{}, { MAILBOX_IMAP_URL: 'imaps://help@a' }, { MAILBOX_PASSWORD: 'secret' }])
      expect(() => imapSettings(loadConfig(env))).toThrow('set MAILBOX_IMAP_URL');
    expect(() => settings('imaps://help@a', { MAILBOX_TAKEN_FOLDER: 'INBOX' })).toThrow('another folder');
  });
});
