import { newMessageOf } from './new-message';

/** What went in, and what is read of it. */
interface Mail {
  readonly name: string;
  readonly sent: string;
  readonly read: string;
}

const BASE64 = Array.from({ length: 40 }, (_, line) =>
  `${line}JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9G`.slice(0, 70),
).join('\n');

const HTML_ATTRIBUTION = '<div>On Mon, Mar 3, 2031 at 10:12 AM Desk &lt;d@example.com&gt; wrote:<br></div>';

const MAILS: readonly Mail[] = [
  {
    name: 'HTML, with the answer below the quotation',
    sent: `${HTML_ATTRIBUTION}<blockquote class="gmail_quote"><div>Restart the till.</div><div>Your desk</div></blockquote><div>It is still dead.</div>`,
    read: 'It is still dead.',
  },
  {
    name: 'HTML, with answers between the lines',
    sent: `${HTML_ATTRIBUTION}<blockquote><div>Which browser?</div></blockquote><div>Firefox it is.</div><blockquote><div>Since when?</div></blockquote><div>Since Tuesday morning.</div>`,
    read: 'Firefox it is.\nSince Tuesday morning.',
  },
  {
    name: 'HTML as Thunderbird quotes plain text',
    sent: '<div class="moz-cite-prefix">On 3/3/31 10:12, Desk wrote:<br></div><blockquote type="cite"><pre wrap="">Please restart.\nTell us more.\n</pre></blockquote><p>It burns.</p>',
    read: 'It burns.',
  },
  {
    name: 'HTML with a hidden preview',
    sent: '<div style="display:none;max-height:0">View this in your browser</div><p>The till is dead.</p>',
    read: 'The till is dead.',
  },
  {
    name: 'Swedish, as Outlook writes it',
    sent: 'Kassan är död.\n\nMed vänliga hälsningar\nBo Ek\n\nFrån: Desk <d@example.com>\nSkickat: den 3 mars 2031 10:12\nTill: Mara\nÄmne: SV: Kassan\n\nStarta om.',
    read: 'Kassan är död.',
  },
  {
    name: 'Danish, as Outlook writes it',
    sent: 'Kassen er død.\n\nMed venlig hilsen\nBo Ek\n\nFra: Desk <d@example.com>\nSendt: 3. marts 2031 10:12\nTil: Mara\nEmne: SV: Kassen\n\nGenstart.',
    read: 'Kassen er død.',
  },
  {
    name: 'Norwegian, as Gmail writes it on a phone',
    sent: 'Kassen er død.\n\nSendt fra min iPhone\n\nman. 3. mar. 2031 kl. 10:12 skrev Desk <d@example.com>:\n\nStart på nytt.',
    read: 'Kassen er død.',
  },
  {
    name: 'Polish, as Outlook writes it',
    sent: 'Kasa nie działa.\n\nPozdrawiam\nAnna Nowak\n\nOd: Desk <d@example.com>\nWysłano: poniedziałek, 3 marca 2031 10:12\nDo: Mara\nTemat: RE: Kasa\n\nZrestartować.',
    read: 'Kasa nie działa.',
  },
  {
    name: 'Polish, as Gmail writes it',
    sent: 'Kasa nie działa.\n\npon., 3 mar 2031 o 10:12 Desk <d@example.com> napisał(a):\n\nZrestartować.',
    read: 'Kasa nie działa.',
  },
  {
    name: 'Swedish, below a line of its own',
    sent: 'Kassan är död.\n\n-----Ursprungligt meddelande-----\nStarta om den.',
    read: 'Kassan är död.',
  },
  {
    name: 'passed on with FYI, as Outlook writes it',
    sent: 'FYI\n\nFrom: Bo <b@example.com>\nSent: Monday\nTo: x\nSubject: Lift\n\nThe lift stopped.',
    read: 'FYI\n\nLift\n\nThe lift stopped.',
  },
  {
    name: 'an answer above the mail it answers',
    sent: `The till at the east door is still dead.

On Mon, 3 Mar 2031 at 10:12, Support Desk <desk@example.com> wrote:

> Dear Mara,
> please restart the till and tell us what it shows.
> Kind regards`,
    read: 'The till at the east door is still dead.',
  },
  {
    name: 'an attribution that was wrapped, with a quotation without marks',
    sent: `It happened again, twice.

On Monday, 3 March 2031 at 10:12:45 CET, Support Desk of the
Harbour Theatre <desk@example.com> wrote:

We have closed your ticket.`,
    read: 'It happened again, twice.',
  },
  {
    name: 'answers between the lines',
    sent: `Hello,
> Which browser do you use?
> Please name the version.
Firefox, the newest one.
> Since when does it happen?
> Does it happen every day?
Since Tuesday, every day.`,
    read: 'Hello,\nFirefox, the newest one.\nSince Tuesday, every day.',
  },
  {
    name: 'German, as Thunderbird writes it',
    sent: `Die Rechnung vom Mai fehlt noch immer.

Am 03.03.31 um 10:12 schrieb Kundendienst:
> Guten Tag, wir haben sie gestern verschickt.
> Bitte prüfen Sie den Spamordner.

Mit freundlichen Grüßen
Jette Brandt
Brandt & Töchter GmbH
Tel. +49 555 0100200`,
    read: 'Die Rechnung vom Mai fehlt noch immer.',
  },
  {
    name: 'German, as Outlook writes it',
    sent: `Der Drucker druckt jetzt gar nicht mehr.

Von: Kundendienst <desk@example.com>
Gesendet: Montag, 3. März 2031 10:12
An: Jette Brandt <jette@example.org>
Betreff: AW: Drucker

Bitte schalten Sie ihn aus und wieder ein.`,
    read: 'Der Drucker druckt jetzt gar nicht mehr.',
  },
  {
    name: 'French',
    sent: `Le paiement a été refusé une deuxième fois.

Bien cordialement,
Odile Marchand

Le lun. 3 mars 2031 à 10:12, Service clients <desk@example.com> a écrit :

> Bonjour, veuillez réessayer.`,
    read: 'Le paiement a été refusé une deuxième fois.',
  },
  {
    name: 'Spanish',
    sent: `Sigo sin poder entrar en mi cuenta.

Enviado desde mi iPhone

El lun, 3 mar 2031 a las 10:12, Soporte (<desk@example.com>) escribió:

> Pruebe con otra contraseña.`,
    read: 'Sigo sin poder entrar en mi cuenta.',
  },
  {
    name: 'Portuguese',
    sent: `A fatura veio com o valor errado.

Atenciosamente,
Inês Valadares

Em seg., 3 de mar. de 2031 às 10:12, Suporte <desk@example.com> escreveu:

Olá, em que podemos ajudar?`,
    read: 'A fatura veio com o valor errado.',
  },
  {
    name: 'Italian',
    sent: `Il sito non si apre da stamattina.

Cordiali saluti
Bice Fontana

Il giorno lun 3 mar 2031 alle ore 10:12 Assistenza <desk@example.com> ha scritto:

> Buongiorno, abbiamo risolto.`,
    read: 'Il sito non si apre da stamattina.',
  },
  {
    name: 'Dutch',
    sent: `De bestelling is nog niet aangekomen.

Met vriendelijke groet,
Fenna de Wit

Verstuurd vanaf mijn iPhone

Op ma 3 mrt 2031 om 10:12 schreef Klantenservice <desk@example.com>:

> Uw pakket is onderweg.`,
    read: 'De bestelling is nog niet aangekomen.',
  },
  {
    name: 'HTML of a mail program',
    sent: `<div dir="ltr">The export stops at 80&nbsp;%.<div><br></div><div>-- <br></div><div>Mara Holm</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 3, 2031 at 10:12 AM Support &lt;<a href="mailto:desk@example.com">desk@example.com</a>&gt; wrote:<br></div><blockquote>Please try again.</blockquote></div>`,
    read: 'The export stops at 80 %.',
  },
  {
    name: 'forwarded without a word: the forwarded mail is the matter',
    sent: `---------- Forwarded message ---------
From: Bo Lind <bo@example.org>
Date: Mon, 3 Mar 2031 at 10:12
Subject: Charged twice
To: <mara@example.com>

My card was charged twice for one order.`,
    read: 'Charged twice\n\nMy card was charged twice for one order.',
  },
  {
    name: 'forwarded with a few words: both',
    sent: `Hi, this one is yours I think.

---------- Forwarded message ---------
From: Bo Lind <bo@example.org>
Date: Mon, 3 Mar 2031 at 10:12
Subject: Charged twice

My card was charged twice for one order.`,
    read: 'Hi, this one is yours I think.\n\nMy card was charged twice for one order.',
  },
  {
    name: 'forwarded with an account of the matter: that account',
    sent: `Our guest writes below that his card was charged twice. I looked into the terminal and found both payments there, so please return the second one to him this week.

-----Ursprüngliche Nachricht-----
Von: Bo Lind <bo@example.org>
Gesendet: Montag, 3. März 2031 10:12
Betreff: Double charge

I want my money back, and a lawyer.`,
    read: 'Our guest writes below that his card was charged twice. I looked into the terminal and found both payments there, so please return the second one to him this week.',
  },
  {
    name: 'nothing but a quotation',
    sent: `> The invoice of May lists one seat too many.
> Please correct it.`,
    read: 'The invoice of May lists one seat too many.\nPlease correct it.',
  },
  {
    name: 'thanks above a quotation: what for',
    sent: `Thanks!

On Mon, 3 Mar 2031 at 10:12, Support <desk@example.com> wrote:

Your refund of the hotel booking is on its way.`,
    read: 'Thanks!\n\nYour refund of the hotel booking is on its way.',
  },
  {
    name: 'a signature and a notice longer than the mail',
    sent: `The door does not open.

Best regards,

Mara Holm
Head of Facilities
Harbour Theatre Ltd | 1 Quay Street | www.example.com
Phone: +44 555 010 0200

This e-mail and any attachments are confidential and intended solely for the addressee. If you are not the
intended recipient, please delete it. The sender accepts no liability for damage caused by it.

Please consider the environment before printing this e-mail.`,
    read: 'The door does not open.',
  },
  {
    name: 'a postscript below the name stays',
    sent: `The heating is too warm.

Cheers,
Bo

PS: There is smoke in the server room.`,
    read: 'The heating is too warm.\n\nCheers,\nBo\n\nPS: There is smoke in the server room.',
  },
  {
    name: 'an attachment that was pasted as text',
    sent: `Please look at this bill.\n\n${BASE64}\n\nThe last line is wrong.`,
    read: 'Please look at this bill.\n\nThe last line is wrong.',
  },
  {
    name: 'a stack trace: its first lines, and what stands below it',
    sent: `The import fails with:
java.lang.IllegalStateException: no such account
    at com.example.Importer.read(Importer.java:10)
    at com.example.Importer.read(Importer.java:11)
    at com.example.Importer.read(Importer.java:12)
    at com.example.Importer.read(Importer.java:13)
    at com.example.Importer.read(Importer.java:14)
    at com.example.Importer.read(Importer.java:15)
Since this morning.`,
    read: `The import fails with:
java.lang.IllegalStateException: no such account
    at com.example.Importer.read(Importer.java:10)
    at com.example.Importer.read(Importer.java:11)
    at com.example.Importer.read(Importer.java:12)
    at com.example.Importer.read(Importer.java:13)
Since this morning.`,
  },
  {
    name: 'a warning of the mail gateway',
    sent: `CAUTION: This email originated from outside the organisation. Do not click links.

The booking page shows the wrong year.`,
    read: 'The booking page shows the wrong year.',
  },
];

describe('what is read of a mail', () => {
  it.each(MAILS)('$name', ({ sent, read }) => {
    expect(newMessageOf(sent)).toBe(read);
    expect(newMessageOf(sent.replaceAll('\n', '\r\n'))).toBe(read);
  });
});

describe('a text that is no quotation stays', () => {
  it.each([
    ['a comparison', 'Payments\n> 500 euros fail.\nThe others work.'],
    ['a quoted sentence', 'On 3 March your agent wrote:\nWe will refund you.\nNothing came.'],
    ['lines between marks', 'The query\n--\nDROP TABLE users;\n--\nran on our database. Can you restore it?'],
    ['a field of a form', 'From: Berlin\nTo: Lisbon\nThe flight was cancelled and I want a refund.'],
    ['a report about a mail', 'This email of yours was sent to the wrong person. It was confidential.'],
    ['thanks in advance in the middle', 'Thanks\n\nand now the printer burns, please come!'],
  ])('%s', (_name, text) => {
    expect(newMessageOf(text)).toBe(text);
  });
});
