import fc from 'fast-check';
import { SENTENCES } from '../spec-support/sentences';
import { type LanguageDetector, openLanguageDetector } from './language-detector';

let detector: LanguageDetector;
beforeAll(async () => {
  detector = await openLanguageDetector();
});

describe('the language of a sentence of six words', () => {
  it.each(Object.entries(SENTENCES))('%s is found nine times in ten', (language, sentences) => {
    expect(sentences).toHaveLength(10);
    const found = sentences.map((sentence) => detector.detect(sentence));
    expect(found.filter((each) => each === language).length).toBeGreaterThanOrEqual(9);
    // Where it is not found it is not sure: a wrong language is worse.
    expect(found.filter((each) => each !== language && each !== null)).toEqual([]);
  });
});

describe('English', () => {
  it.each([
    'The till is down since this morning.',
    'app crash after update',
    'cant login pls reset',
    'order not came yet sir kindly update',
    'VPN token expired, Outlook calendar sync broken',
    'refund for den Haag hotel',
    'Where is my café order from Zürich?',
    'unable to connect vpn client error 691',
    'No invoice in data portal, please send',
  ])('is taken for no other language: %s', (text) => {
    expect(['en', null]).toContain(detector.detect(text));
  });
});

describe('a text', () => {
  it.each([
    ['of one word', 'Rechnungsbetrag', null],
    ['of two words', 'Kasse funktioniert', null],
    ['of few letters', 'es ist da', null],
    ['without words', '4711 0815 / 42', null],
    ['of emoji', '🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥', null],
    ['of one address', 'https://beispiel.example.com/die/rechnung/ist/falsch', null],
    ['of nothing', '', null],
    ['in Cyrillic letters', 'Сервер не отвечает уже второй час', 'ru'],
    ['in Japanese', 'サーバーに接続できません。至急対応してください。', 'ja'],
    ['in Hebrew', 'הקופה לא עובדת מהבוקר', 'he'],
    ['with a greeting in English above it', 'Hello\n\nleider druckt unsere Kasse seit gestern keine Belege mehr', 'de'],
    ['with codes in it', 'ERR_4711 https://example.com/a/b die Rechnung vom Mai ist falsch ref#9', 'de'],
  ])('%s', (_name, text, language) => {
    expect(detector.detect(text)).toBe(language);
  });

  it('is read at its beginning', () => {
    const german = 'Die Rechnung vom Mai ist leider falsch. '.repeat(12);
    expect(detector.detect(german + 'The invoice of May is wrong. '.repeat(3_000))).toBe('de');
  });

  it('of any kind is looked at without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.lorem()), (text) => {
        expect(detector.detect(text) ?? 'xx').toMatch(/^[a-z]{2}$/);
      }),
    );
  });
});
