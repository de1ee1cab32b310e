import { withoutParticulars } from './machine-text';

describe('what a program’s message is about', () => {
  it('is the same on every host, at every moment and for every measurement', () => {
    const one = withoutParticulars('disk usage on web07 is 93 % since 12:03');
    expect(one).toBe('disk usage on is since');
    expect(withoutParticulars('disk usage on db-3.eu.example.com is 91.5% since 2026-11-30T08:00Z')).toBe(one);
    expect(withoutParticulars('disk usage on 10.0.0.1 is 99% since 12:04')).toBe(one);
  });

  it('is the same whether letters and their marks came as one character or as two', () => {
    const alarm = 'Störung: Übertragung nach münchen.example.org fehlgeschlagen';
    expect(withoutParticulars(alarm.normalize('NFD'))).toBe(withoutParticulars(alarm.normalize('NFC')));
  });

  it('keeps the vowel marks at the end of a word', () => {
    expect(withoutParticulars('गाड़ी web07')).toBe('गाड़ी'.normalize('NFC'));
  });

  it('differs for another trouble', () => {
    expect(withoutParticulars('ALERT: payment API is down')).not.toBe(withoutParticulars('ALERT: search API is down'));
  });

  it('is the whole text where it has nothing but numbers', () => {
    expect(withoutParticulars('503 503')).toBe('503 503');
  });
});
