import { anyOf } from './mail-phrases';

/** What of a mail says who wrote it. */
export interface MailParts {
  readonly subject?: string | null | undefined;
  readonly text: string;
  /** May hold fields of the mail's header, in any spelling: `Auto-Submitted`, `auto_submitted`, `headers.auto-submitted`. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Fields that only automatic answers have, whatever they say but no. */
const ANSWER_FIELDS = new Set([
  'x-autoreply',
  'x-auto-reply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-responder',
  'x-mail-autoreply',
  'x-failed-recipients',
]);
const MEANS_NO = /^(?:no?|false|0|none|off)?$/i;

/** Whether fields of a header say that a machine answered: RFC 3834, and what was usual before. A monitor's mail is `auto-generated` and answers nothing. */
function isAnswerByHeader(metadata: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(metadata).some(([name, value]) => {
    const field = name
      .trim()
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
      .toLowerCase()
      .replaceAll(/[_\s]/g, '-')
      .replace(/^(?:e?mail[-.]|message[-.]|headers?[-.])+/, '');
    if (value !== null && typeof value === 'object') return false;
    const written = String(value ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .toLowerCase();
    if (ANSWER_FIELDS.has(field)) return !MEANS_NO.test(written);
    if (field === 'auto-submitted') return written.startsWith('auto-replied');
    if (field === 'precedence') return /^auto[_-]?reply$/.test(written);
    if (field === 'content-type') return written.startsWith('multipart/report') && written.includes('delivery-status');
    return field === 'return-path' && /^< ?>$/.test(written);
  });
}

/** What gateways and mailers put before an automatic subject. Who answers an automatic reply (`Re:`) is a person. */
const PREFIXES = '^\\W{0,4}(?:\\[?external\\]?\\W{1,3}|auto\\s?:\\s*)?';

/** What mail programs alone write, with the subject that is answered behind it. */
const AWAY_SUBJECT = new RegExp(
  `${PREFIXES}${anyOf(`
    (?:automatic|automated|auto)[ -]?(?:reply|response|answer) | autoreply | auto : re | vacation (?:auto-?)?reply | ooo | out of (?:the )?office(?: (?:auto(?:matic)?[ -]?)?(?:reply|response|notice|notification|assistant))?
    automatische (?:antwort|abwesenheitsnotiz|rückmeldung) | abwesenheits(?:notiz|nachricht|meldung|benachrichtigung|info) | nicht im büro
    réponse automatique | absence du bureau | absente? du bureau | message d['’]absence | avis d['’]absence
    respuesta automática | fuera de (?:la )?oficina | aviso de ausencia
    resposta automática | fora do escritório | aviso de ausência
    risposta automatica | fuori (?:sede|ufficio) | assente dall['’]ufficio | messaggio di assenza
    automatisch antwoord | automatische reactie | afwezigheids(?:bericht|melding|assistent) | niet op kantoor
    (?:automatiskt?|auto)[ -]?(?:svar|odpowiedź) | frånvaromeddelande | fraværsmeddelelse | fraværsmelding | odpowiedź automatyczna | automatyczna odpowiedź | autoodpowiedź`)}\\s*(?:$|:|(?:until|till|bis|jusqu|hasta|até|fino|tot)\\b)`,
  'iu',
);

/** The same where a mail could not be delivered. */
const FAILURE_SUBJECT = new RegExp(
  `${PREFIXES}(?:${anyOf(`
    undelivered mail returned to sender | delivery status notification | mail delivery (?:failed|failure|subsystem) | returned mail: see transcript | mail system error`)}|failure notice$)`,
  'iu',
);
/** Words that mail programs and parcel services share: the text has to say that it is about a mail. */
const PERHAPS_FAILURE_SUBJECT = new RegExp(
  `${PREFIXES}(?:${anyOf(`
    message undeliverable | undeliverable | unzustellbar | nicht zustellbar | échec de (?:la )?remise | non remis | non remise | no se puede entregar | no entregado
    não é possível entregar | não entregue | impossibile recapitare | recapito non riuscito | non recapitabile | onbestelbaar | niet bestelbaar
    olevererbart | kan ikke leveres | niedostarczone | nie można dostarczyć`)}\\s*:|delivery failure\\b)`,
  'iu',
);
const ABOUT_A_MAIL = new RegExp(
  anyOf(`
    your (?:e-?mail|message) | (?:following|these) recipients? | recipient(?:['’]s)? (?:address|server|domain) | mailbox | mail ?server | smtp | \\b5\\d\\d[ -]5\\.\\d | (?:ihre|die) (?:nachricht|e-?mail) | postfach
    votre (?:message|courriel|e-?mail) | (?:su|el) (?:mensaje|correo) | (?:sua|a) mensagem | (?:il (?:tuo |suo )?|questo )messaggio | uw (?:bericht|e-?mail)
    ditt meddelande | (?:meddelelsen|meldingen) | wiadomoś`),
  'iu',
);

/** How far a letter's beginning is looked at: an automatic answer says at once what it is. */
const BEGINNING = 400;
/** Longer letters are people's. */
const LONGEST_ANSWER = 1_500;

/** Not with a quotation mark: a person cites what a machine said. */
const SENTENCE_BEGINS = '(?:^|[.!\\n,*])[^\\p{L}\\p{N}"\'“”„«»‘’`]{0,6}';
const SAYS_SO = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    this is an (?:automated|automatic|auto[ -]?generated) (?:reply|response|answer|e-?mail reply) | this (?:message|reply|e-?mail|response) (?:is|was|has been) (?:an )?(?:automated|automatically generated|auto-generated) (?:reply|response|in response)
    dies ist eine automati(?:sche|sierte|sch (?:generierte|erstellte|erzeugte)) (?:antwort|abwesenheitsnotiz|rückmeldung)
    (?:ceci|cela) est une réponse automatique | esta es una respuesta automática | (?:este|esto) es un mensaje automático de respuesta
    esta é uma resposta automática | (?:questa è una|il presente messaggio è una) risposta automatica | dit is een automatisch(?:e)?(?: gegenereerd)? (?:antwoord|reactie|bericht van afwezigheid)`) +
    '(?=\\s*(?:$|[.!:\\n\\u2013-]|,\\s+(?:please|bitte)\\b)|\\s+(?:to|from|sent|generated|by|auf|von|à|de|a|op|van)\\b)',
  'iu',
);
const FAILURE = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    this (?:message|mail) was created automatically by (?:the )?mail | this is the mail (?:system|delivery system|delivery agent) at | i['’]m sorry to have to inform you that your message could not
    your message (?:to \\S{1,80} )?(?:could not|couldn['’]t|wasn['’]t|was not) (?:be )?delivered | delivery (?:to the following recipients?|has) failed (?:permanently|to these recipients)
    ihre nachricht (?:an \\S{1,80} )?konnte nicht zugestellt werden | votre message n['’]a pas pu être remis | su mensaje no (?:se pudo entregar|pudo ser entregado)
    (?:a )?sua mensagem não (?:pôde|pode) ser entregue | il (?:tuo|suo) messaggio non è stato recapitato | uw bericht (?:kon|kan) niet (?:worden )?(?:afgeleverd|bezorgd)`) +
    '(?!\\s+(?:is|appears|comes|shows)\\b)',
  'iu',
);

const AWAY = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    (?:thank you for your (?:e-?mail|message)[^.!\\n]{0,40}[.!]\\s+)?(?:please note that )?(?:i am|i['’]m|i will be)(?: currently| presently| now)? (?:out of (?:the )?office|away from (?:the |my )?(?:office|desk)|away|on (?:\\w{1,12} )?(?:leave|vacation|holiday)s?)
    ich bin(?: \\S{1,12}){0,5} (?:nicht im büro|nicht im haus|außer haus|im urlaub|abwesend|in elternzeit|nicht erreichbar)
    je (?:suis|serai)(?: actuellement)? (?:absente?|en congés?|en vacances|hors du bureau)
    (?:estoy|estaré|me encuentro)(?: actualmente)? (?:fuera de (?:la )?oficina|de vacaciones|ausente)
    (?:estou|estarei|encontro-me)(?: atualmente)? (?:fora do escritório|de férias|ausente)
    (?:sono|sarò)(?: attualmente)? (?:fuori (?:ufficio|sede)|in ferie|assente)
    ik ben(?: \\S{1,12}){0,5} (?:afwezig|niet op kantoor|met vakantie|op vakantie|niet aanwezig|met verlof)`) +
    // Who goes on with a matter is a person who mentions to be away.
    '(?![^.!\\n]{0,80}(?:,|\\b(?:and|but))\\s+(?:the|an?|this|there|nobody)\\b)',
  'iu',
);
/** What an answer of somebody who is away says besides, and a customer who mentions to be away does not. */
const AWAY_FROM = new RegExp(
  anyOf(`
    (?:limited|no|intermittent) access to (?:my )?e-?mail | (?:return|back) (?:to the office |in the office |at work )?(?:on|in|by|from)? ?(?:mon|tue|wed|thu|fri|\\d|january|february|march|april|may|june|july|august|september|october|november|december)
    (?:urgent|immediate|emergenc)[^.!\\n]{0,60}(?:contact|call|write|e-?mail|reach)(?! (?:me|us)\\b) | respond (?:to your (?:e-?mail|message) )?(?:when|on|upon|after|as soon) | my colleague
    in dringenden (?:fällen|angelegenheiten) | dringend[^.!\\n]{0,60}(?:kontaktieren sie|wenden sie|meinen|meine) | (?:wieder|zurück)[^.!\\n]{0,30}(?:erreichbar|da|im büro|am \\d|ab) | nicht weitergeleitet | e-?mails? (?:werden|wird)
    en cas d['’]urgence | (?:de )?retour le | à mon retour | accès limité
    en caso de urgencia | (?:regreso|vuelta|volveré) el | a mi regreso | para (?:asuntos|temas) urgentes
    em caso de urgência | (?:regresso|retorno|volto) (?:a|em|no dia) | no meu regresso | assuntos urgentes
    in caso di urgenza | (?:rientro|rientrerò|tornerò) (?:il|in) | al mio rientro | per urgenze | per questioni urgenti
    (?:bij|in) (?:dringende|spoedeisende|spoed) | voor dringende | (?:weer|terug) (?:aanwezig|bereikbaar|op kantoor|op \\d) | bij mijn terugkeer`),
  'iu',
);

/** The receipt of a help desk, and what it says besides: a person who got the mail may begin in the same way. */
const RECEIVED = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    we(?: have|['’]ve)? received your (?:request|message|e-?mail|ticket|enquiry|inquiry) | your (?:request|message|e-?mail|ticket|enquiry|inquiry)(?: [#(]{0,2}\\d+\\)?)? (?:has been|was) received
    wir haben ihre (?:anfrage|nachricht|e-?mail) erhalten | nous avons bien reçu votre (?:demande|message|courriel) | hemos recibido su (?:solicitud|mensaje|consulta)
    recebemos (?:a sua|o seu|sua|seu) (?:solicitação|pedido|mensagem) | abbiamo ricevuto la (?:sua|tua) (?:richiesta|e-?mail) | we hebben uw (?:bericht|aanvraag|verzoek|e-?mail) ontvangen`) +
    '(?=\\s*[.!]|\\s+(?:and|und|et|y|e|en)\\b)',
  'iu',
);
const RECEIVED_BY = new RegExp(
  anyOf(`
    (?:do not|don['’]t) reply to this | (?:get back to|respond to|contact) you | (?:being|be) reviewed | add (?:additional )?comments | automat\\p{L}* (?:\\p{L}+ )?(?:message|reply|response|e-?mail|nachricht|antwort)
    melden uns | ne pas répondre | vous répondr | no responda | responderemos | não responda | non rispond | risponderemo | niet (?:te )?beantwoorden | nemen contact`),
  'iu',
);

/** What only somebody says who wants something: a thing of their own, or something done for them. */
const OWN_MATTER = new RegExp(
  anyOf(`
    \\bmy (?!e-?mails?\\b|return|absence|colleagues?\\b|manager|team|assistant|deputy|desk|office|mailbox|inbox|behalf|messages?\\b|phone|cell|mobile)\\w
    \\b(?:call|contact|reach|help|refund|tell|write|answer) (?:to )?(?:me|us)\\b | \\bplease (?!note|do not reply|contact|call|write|direct|reach|e-?mail|forward|be\\b|expect|allow)\\w | \\b(?:locked out|stolen)\\b | \\b(?:does|do|did)(?:n['’]t| not) (?:work|switch|send|get|arrive|start|open|turn|show)\\b
    \\bmeine?[rmns]? (?!kolleg|vertret|team|rückkehr|abwesenheit|postfach|e-?mail|büro)\\p{L} | \\bbitte kontakt\\b`),
  'iu',
);
/** A link, and what an answer of somebody who is away asks. */
const NO_QUESTION = /https?:\/\/\S+|\b(?:any |fur?ther )?(?:questions|fragen|preguntas|domande|vragen)\s?\?/giu;

/**
 * Whether a machine wrote a mail in answer to another one: that somebody is out of office, that a mail was received, or could not be delivered. By the fields of its
 * header in `metadata`, its subject, or how its text begins, in English, German, French, Spanish, Portuguese, Italian and Dutch.
 * In Swedish, Danish, Norwegian and Polish only by the fields and the subject.
 * A monitor's alarm answers nothing. In doubt it is no answer: a person's mail must not be taken for one.
 * @param mail - its text as it is read, without quotations
 */
export function isAutomated({ subject, text, metadata }: MailParts): boolean {
  if (metadata && isAnswerByHeader(metadata)) return true;
  const about = (subject ?? '').slice(0, BEGINNING);
  const letter = text.slice(0, LONGEST_ANSWER);
  const beginning = letter.slice(0, BEGINNING);
  if (FAILURE_SUBJECT.test(about) || FAILURE.test(beginning)) return true;
  if (PERHAPS_FAILURE_SUBJECT.test(about) && ABOUT_A_MAIL.test(letter)) return true;
  // Who is away asks for nothing.
  if (letter.replaceAll(NO_QUESTION, '').includes('?') || OWN_MATTER.test(beginning)) return false;
  if (AWAY_SUBJECT.test(about)) return true;
  if (text.length > LONGEST_ANSWER) return false;
  return (
    SAYS_SO.test(beginning) ||
    (AWAY.test(beginning) && AWAY_FROM.test(letter)) ||
    (RECEIVED.test(beginning) && RECEIVED_BY.test(letter))
  );
}
