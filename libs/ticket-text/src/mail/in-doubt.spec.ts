import { saysSomething } from '../says-something';
import { newMessageOf } from './new-message';

/** What a person wrote, of which every line must be read. */
const read = (text: string): string => newMessageOf(text).replaceAll(/\s+/g, ' ');
const all = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

describe('in doubt a line is the customer’s', () => {
  it.each([
    ['below thanks', 'The portal works again.\n\nThanks!\n\nOne more thing: my phone gets hot and smells, what now?'],
    ['below thanks, without a mark at its end', 'The first one works now.\nThanks!\nThe second printer is on fire'],
    [
      'below regards, with a number',
      'Is it down?\nRegards\nRing 555 0100200, gas leaks here and the children are dizzy!',
    ],
    [
      'below regards, with the word of a company',
      'Hallo,\n\nDanke\n\nDie Muster AG hat dreimal abgebucht, und wir klagen!',
    ],
    [
      'below regards, with a link',
      'One question.\n\nBest\n\nby the way all data of your clients is public on www.leak.example',
    ],
    [
      'below a signature mark',
      'Short question.\n-- \nThe production data were deleted by your update and nobody can work. Call at once!',
    ],
    ['below a ruler', 'Daily report\n============\nDisk full on srv1\nBackup has stopped'],
  ])('%s', (_where, text) => {
    expect(read(text)).toBe(all(text));
  });

  it.each([
    ['On 3 May 2026 at 10:12 Anna from your team wrote:', 'The refund comes by Friday.\nIt did not come.'],
    ['On 3 May 2026 at 10:12 Bo <bo@example.com> wrote that he has no access:', 'to the till\nto the door'],
    ['3 May 10:12, Bo <bo@example.com> wrote that he has no access:', 'to the till\nto the door'],
    ['Den 3 mars 2026 kl 10:12 skrev Anna till mig:', 'Pengarna kommer.\nDe kom inte.'],
    ['On 12 March 2026 I wrote to you:', 'The heating is broken.\nIt still is.'],
    ['Am 12.03.2026 um 10:15 schrieb mir Ihr Kollege:', 'Das Geld kommt bald.\nEs kam nicht.'],
    ['Le 3 mars 2026 à 9h30 votre collègue m’a écrit :', 'Le colis arrive demain.\nIl n’est pas venu.'],
  ])('what somebody tells of a mail: %s', (line, rest) => {
    const text = `My order is late.\n${line}\n${rest}`;
    expect(read(text)).toBe(all(text));
  });

  it.each([
    'If you are not able to refund me by Friday, I will go to court.',
    'This e-mail of yours with confidential records was intended for somebody else: I have the data of 300 strangers.',
    'Warning: this message came from outside our network and encrypted 40 computers.',
  ])('a paragraph that begins as a disclaimer does: %s', (paragraph) => {
    const text = `Hello support,\n\n${paragraph}\n\nMy number is 12.`;
    expect(read(text)).toBe(all(text));
  });

  it.each([
    ['a trip', 'Please change my booking:\nFrom: Berlin\nTo: Madrid\nDate: 3 March\n\nElse cancel it.'],
    ['a trip in Polish', 'Zgubiłem bilet.\nOd: Kraków\nDo: Gdańsk\nData: 3 marca'],
    ['a trip in Danish', 'Min rejse er væk.\nFra: Aarhus\nTil: Odense\nDato: 3. marts'],
    ['a list', 'These are the problems:\n> checkout is down\n> customers pay twice\n> nobody answers'],
    ['a session of Python', 'It fails:\n>>> import pay\n>>> pay.charge(5)\nTimeoutError'],
    ['numbers', '#1 blue\n#2 red\n#3 slow\n#4 odd\n#5 checkout charges twice\n#6 data is public'],
    ['moments', 'at 10:00 slow\nat 10:05 slower\nat 10:10 down\nat 10:15 up\nat 10:20 all data was deleted'],
    ['an advertisement', 'The phone is new.\nGet Outlook for iOS does not install'],
    ['a place', 'Paketet är borta.\nSkickat från lagret i måndags'],
    ['a courier', 'Parcel 12 to Rome\nSent via courier on Monday\nNever arrived'],
  ])('what looks like a part of a mail: %s', (_what, text) => {
    expect(read(text)).toBe(all(text));
  });

  it('an answer below an HTML quotation', () => {
    const header = '<div>On Mon, 3 Mar 2031 at 10:12, Desk &lt;d@example.com&gt; wrote:</div>';
    const quoted = '<blockquote>Which version?</blockquote><div>Version 4, and it deletes files.</div>';
    expect(newMessageOf(`<div>Hi Desk,</div>${header}${quoted}`)).toContain('it deletes files');
    expect(newMessageOf(`<p>My answers are below.</p>${header}${quoted}`)).toContain('it deletes files');
  });

  it('what an HTML quotation holds that nothing introduces', () => {
    const shown = '<blockquote><div>Card declined</div><div>Code 402</div></blockquote>';
    expect(newMessageOf(`<p>When I pay, the page shows:</p>${shown}<p>What now?</p>`)).toContain('Code 402');
  });

  it('what stands behind a comment that ends as browsers allow', () => {
    expect(newMessageOf('<p>One question</p><!-- a --!><p>The hall is on fire</p><!-- b --><p>bye</p>')).toContain(
      'fire',
    );
  });

  it.each([
    'Guten Tag,',
    'Bonjour Madame,',
    'Danke!',
    'Tack',
    'Dziękuję',
    'Gracias, saludos',
    'Dear Mr Smith,',
    'Hi Desk,',
  ])('a greeting alone says nothing: %s', (greeting) => {
    expect(saysSomething(greeting)).toBe(false);
    const quoted = '\n\nAm 03.03.2031 um 10:12 schrieb Support <d@example.com>:\n> Der Drucker geht nicht.';
    expect(newMessageOf(`${greeting}${quoted}`)).toContain('Der Drucker geht nicht.');
  });
});
