import fc from 'fast-check';
import { isAutomated } from './automated';

const TEXT = 'The till is down.';

describe('fields of a header that say it', () => {
  it.each([
    ['Auto-Submitted', 'auto-replied'],
    ['auto_submitted', 'Auto-Replied (vacation)'],
    ['headers.auto-submitted', 'auto-replied'],
    ['X-Autoreply', 'yes'],
    ['x-autoresponder', 'holiday'],
    ['Precedence', 'auto_reply'],
    ['PRECEDENCE', 'auto-reply'],
    ['Return-Path', '<>'],
    ['return_path', ' < > '],
    ['returnPath', '<>'],
    ['autoSubmitted', 'auto-replied'],
    ['X-Failed-Recipients', 'bo@example.com'],
    ['Content-Type', 'multipart/report; report-type=delivery-status'],
  ])('%s: %s', (name, value) => {
    expect(isAutomated({ text: TEXT, metadata: { [name]: value } })).toBe(true);
  });

  it.each([
    ['Auto-Submitted', 'no'],
    ['Auto-Submitted', 'auto-generated'],
    ['X-Autoreply', 'no'],
    ['X-Autoreply', false],
    ['X-Autoreply', 'off'],
    ['Auto-Submitted', { toString: null }],
    ['Precedence', 'bulk'],
    ['Return-Path', '<bo@example.com>'],
    ['Return-Path', null],
    ['machine', true],
  ])('and those that do not: %s: %s', (name, value) => {
    expect(isAutomated({ text: TEXT, metadata: { [name]: value } })).toBe(false);
  });
});

describe('a subject', () => {
  it.each([
    'Automatic reply: Your ticket 4711',
    'Auto-Reply',
    'Out of Office',
    'Out of office: Re: invoice',
    'Out of the office until 4 May',
    '[EXTERNAL] Automatic reply: Your ticket',
    'OOO: Re: invoice',
    'Vacation reply',
    'Automatische Antwort: Ihre Rechnung',
    'Abwesenheitsnotiz',
    'Réponse automatique : votre facture',
    'Absence du bureau',
    'Respuesta automática: su pedido',
    'Fuera de la oficina',
    'Resposta automática: pedido',
    'Fora do escritório',
    'Risposta automatica: fattura',
    'Fuori sede',
    'Automatisch antwoord: bestelling',
    'Afwezigheidsbericht',
    'Undelivered Mail Returned to Sender',
    'Delivery Status Notification (Failure)',
    'Mail delivery failed: returning message to sender',
  ])('says it: %s', (subject) => {
    expect(isAutomated({ subject, text: TEXT })).toBe(true);
  });

  it.each([
    ['Undeliverable: Your ticket 4711', "The recipient's mailbox is full."],
    ['Unzustellbar: Ihre Rechnung', 'Ihre Nachricht hat den Empfänger nicht erreicht.'],
    ['Onbestelbaar: Uw factuur', 'Uw bericht is niet aangekomen.'],
    ['Delivery failure', 'Your message did not reach some recipients.'],
  ])('says it where the text is about a mail: %s', (subject, text) => {
    expect(isAutomated({ subject, text })).toBe(true);
    expect(isAutomated({ subject, text: 'The parcel came back to me.' })).toBe(false);
  });

  it.each([
    ['Re: Automatic reply: Your ticket', 'The tills are still down.'],
    ['AW: Automatische Antwort: Ihre Anfrage', 'Das hilft nicht.'],
    ['Out of office', 'How do I switch that message on?'],
    ['On sick leave', 'The portal does not let me upload the form.'],
    ['Abwesenheit: Antrag wird nicht gespeichert', 'Seit heute.'],
    ['Unzustellbar: Paket 4711', 'Das Paket ging zurück.'],
    ['No entregado: pedido 4711', 'Sigue sin llegar.'],
  ])('of a person does not say it: %s', (subject, text) => {
    expect(isAutomated({ subject, text })).toBe(false);
  });

  it.each([
    'Out of office message does not work',
    'Automatic reply cannot be switched off',
    'Delivery failed',
    'Delivery failure of my parcel',
    'Undeliverable parcel comes back every week',
    'Returned mailbox key',
    'Abwesenheitsnotizen lassen sich nicht einschalten',
    '[ALERT] web07: disk is full',
    'PROBLEM: backup failed',
    'Failure notice for pump 4',
    'Payment failed',
  ])('does not: %s', (subject) => {
    expect(isAutomated({ subject, text: TEXT })).toBe(false);
  });
});

describe('a text', () => {
  it.each([
    'Hello,\nI am out of the office until 4 May with limited access to email. In urgent cases please contact the front desk.',
    'I am out of the office until Monday with no access to email. Questions? Write to the front desk: https://example.com/?a=1',
    "Thank you for your message. I'm currently on annual leave and will be back on Monday.",
    'This is an automated reply. We have received your message.',
    'Guten Tag,\nich bin bis zum 4. Mai nicht im Büro. In dringenden Fällen wenden Sie sich bitte an die Zentrale.',
    'Ich bin derzeit im Urlaub und ab 4. Mai wieder erreichbar.\nIhre E-Mail wird nicht weitergeleitet.',
    'Bonjour,\nje suis actuellement absente. En cas d’urgence, appelez le standard.',
    'Hola:\nestoy fuera de la oficina. En caso de urgencia, llame a la centralita.',
    'Olá,\nestou de férias até 4 de maio. Em caso de urgência, ligue para a receção.',
    'Buongiorno,\nsono fuori ufficio fino al 4 maggio. Per urgenze scrivete alla segreteria.',
    'Beste,\nik ben tot 4 mei niet op kantoor. Bij dringende zaken kunt u de receptie bellen.',
    'This message was created automatically by mail delivery software.\nA message that you sent could not be delivered.',
    'This is the mail system at host mx.example.com.\nI am sorry.',
    "Your message to bo@example.com couldn't be delivered.",
    'Ihre Nachricht an bo@example.com konnte nicht zugestellt werden.',
  ])('says it: %s', (text) => {
    expect(isAutomated({ text })).toBe(true);
  });

  it.each([
    "I'm out of the office tomorrow, so please send the technician on Monday.",
    'I am on vacation and my card was stolen, please block it and call my colleague back.'.replace(
      'my colleague',
      'me',
    ),
    'I will be away for three weeks, please hold my subscription. I am back on 10 May.',
    'I am out of the office and locked out of the portal. This is urgent, please call me on 555-0100.',
    "I'm on vacation in Rome and the bag with the laptop was stolen. Emergency, please contact me.",
    'Ich bin im Urlaub und die Karte ist weg. Dringend, bitte Kontakt aufnehmen.',
    'Address not found when I type the new street. I cannot order.',
    'This is an automated reply, your bot answered again. I want a human.',
    'My out of office reply goes out twice. This is an automated reply that customers must not see.',
    'I only ever get: this is an automated reply. When does a person answer?',
    'Our newsletter says that your message could not be delivered, to every subscriber.',
    'CRITICAL: web07 does not answer. This is an automated alert of the monitor.',
    'ALARM: pump 4 failed at 10:12. Auto-generated by the plant control.',
    'Ich bin im Urlaub und komme nicht in mein Konto.',
    'Je suis absente lundi, pouvez-vous passer mardi ?',
    'Estou de férias e o cartão não funciona.',
    'Ik ben op vakantie en mijn kaart werkt niet.',
    '',
  ])('does not: %s', (text) => {
    expect(isAutomated({ text })).toBe(false);
  });

  it('of any kind is looked at without an error', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.option(fc.string()),
        fc.dictionary(fc.string(), value),
        (text, subject, metadata) => {
          expect(typeof isAutomated({ text, subject, metadata })).toBe('boolean');
        },
      ),
    );
  });
});

describe('a mail with subject and text', () => {
  it.each([
    ['Automatiskt svar: ärende', 'Jag är på semester till den 4 maj.'],
    ['Autosvar: sag', 'Jeg er på ferie.'],
    ['Odpowiedź automatyczna: sprawa', 'Jestem na urlopie do 4 maja.'],
    ['Olevererbart: ärende', 'Ditt meddelande kunde inte levereras till mottagaren.'],
    ['Non recapitabile: richiesta', 'Impossibile recapitare il messaggio a bo@example.com.'],
    ['Niedostarczone: sprawa', 'Nie można dostarczyć wiadomości do bo@example.com.'],
    ['[Request received]', 'Your request (4711) has been received and is being reviewed by our staff.'],
    ['Lift', 'Thank you. We have received your request and will get back to you. Please do not reply to this e-mail.'],
    ['Lift', 'Wir haben Ihre Anfrage erhalten und melden uns bald.'],
    ['Lift', 'This is an automated response, please do not reply.'],
  ])('is a machine’s: %s: %s', (subject, text) => {
    expect(isAutomated({ subject, text })).toBe(true);
  });

  it.each([
    ['Out of Office', 'The assistant does not switch on in Outlook.'],
    ['Undeliverable: parcel 4711', 'Your courier says recipient unknown, but I live here.'],
    ['Delivery failure', 'Nobody rang, and the recipient was at home.'],
    ['Error', '"Your message could not be delivered" is shown when our users send mails.'],
    ['Error', 'Your message could not be delivered is what I see when I write to Bo.'],
    ['Hotel', 'I am currently on holiday in Spain and the room has no water. I will be back on Monday.'],
    ['Parcel', 'I am away and back on Friday, the parcel has to go to a neighbour instead.'],
    ['Lift', 'We received your message. The automatic door is still stuck.'],
    ['Lift', 'We have received your request to pay twice, the amount is wrong.'],
    ['Autosvar virker ikke', 'Mit autosvar virker ikke.'],
  ])('is a person’s: %s: %s', (subject, text) => {
    expect(isAutomated({ subject, text })).toBe(false);
  });
});
