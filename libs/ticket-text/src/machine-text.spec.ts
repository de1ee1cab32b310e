import { isRecovery, withoutParticulars } from './machine-text';

describe('what a program’s message is about', () => {
  it('is the same on every host, at every moment and for every measurement', () => {
    const one = withoutParticulars('disk usage on web07 is 93 % since 12:03');
    expect(one).toBe('disk usage on is since');
    expect(withoutParticulars('disk usage on db-3.eu.example.com is 91.5% since 2026-11-30T08:00Z')).toBe(one);
    expect(withoutParticulars('disk usage on 10.0.0.1 is 99% since 12:04')).toBe(one);
  });

  it('differs for another trouble', () => {
    expect(withoutParticulars('ALERT: payment API is down')).not.toBe(withoutParticulars('ALERT: search API is down'));
  });

  it('is the whole text where it has nothing but numbers', () => {
    expect(withoutParticulars('503 503')).toBe('503 503');
  });
});

describe('a program’s message that all is well again', () => {
  it.each(['[RESOLVED] disk usage on web07', 'RECOVERY: host db3', 'payment API is back up', 'OK - load average 0.1', 'web07 is up', 'Alert cleared'])(
    'is %j',
    (text) => expect(isRecovery(text)).toBe(true),
  );

  it.each(['ALERT: payment API is down', 'ticket not resolved yet', 'backup failed on db3', 'host could not be recovered', 'unresolved host name', 'CRITICAL: link up count 0'])(
    'is not %j',
    (text) => expect(isRecovery(text)).toBe(false),
  );
});
