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
const MEANS_NO = /^(?:no|false|0|none)?$/i;

/** Whether fields of a header say that a machine answered: RFC 3834, and what was usual before. A monitor's mail is `auto-generated` and answers nothing. */
function isAnswerByHeader(metadata: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(metadata).some(([name, value]) => {
    const field = name
      .trim()
      .toLowerCase()
      .replaceAll(/[_\s]/g, '-')
      .replace(/^(?:e?mail[-.]|headers?[-.])+/, '');
    const written = String(value ?? '')
      .trim()
      .toLowerCase();
    if (ANSWER_FIELDS.has(field)) return !MEANS_NO.test(written);
    if (field === 'auto-submitted') return written.startsWith('auto-replied');
    if (field === 'precedence') return /^auto[_-]?reply$/.test(written);
    if (field === 'content-type') return written.startsWith('multipart/report') && written.includes('delivery-status');
    return field === 'return-path' && written === '<>';
  });
}

const PREFIXES = '^\\W{0,4}(?:(?:re|aw|sv|antw|rif|tr)\\s?:\\s*){0,4}';
/** What stands behind the words of an automatic subject; a sentence goes on otherwise. */
const SUBJECT_GOES_ON = `\\s*(?:$|[:;,.!|([\\u2013-]|(?:re|until|till|from|bis|vom|jusqu|hasta|até|fino|tot|t/m)\\b)`;

const AWAY_SUBJECT = new RegExp(
  `${PREFIXES}${anyOf(`
    (?:automatic|automated|auto)[ -]?(?:reply|response|answer) | autoreply | out of (?:the )?office(?: (?:auto(?:matic)?[ -]?)?(?:reply|response|message|notice|notification|assistant))?
    on (?:annual|parental|maternity|sick) leave | away from (?:the )?office
    automatische (?:antwort|abwesenheitsnotiz|rückmeldung) | abwesenheits(?:notiz|nachricht|meldung|benachrichtigung|info) | abwesenheit | abwesend | nicht im büro
    réponse automatique | absence du bureau | absente? du bureau | message d['’]absence | avis d['’]absence
    respuesta automática | fuera de (?:la )?oficina | aviso de ausencia
    resposta automática | fora do escritório | aviso de ausência
    risposta automatica | fuori (?:sede|ufficio) | assente dall['’]ufficio | messaggio di assenza
    automatisch antwoord | automatische reactie | afwezigheids(?:bericht|melding|assistent) | afwezig | niet op kantoor`)}${SUBJECT_GOES_ON}`,
  'iu',
);

const FAILURE_SUBJECT = new RegExp(
  `${PREFIXES}(?:${anyOf(`
    undelivered mail returned to sender | delivery status notification | mail delivery (?:failed|failure|subsystem) | returned mail | mail system error
    undeliverable | message undeliverable | unzustellbar | nicht zustellbar | échec de (?:la )?remise | non remis | non remise | no se puede entregar | no entregado
    não é possível entregar | não entregue | impossibile recapitare | recapito non riuscito | onbestelbaar`)}\\s*(?:$|[:(\\u2013-])|failure notice$|delivery failure$)`,
  'iu',
);

/** How far a letter's beginning is looked at: an automatic answer says at once what it is. */
const BEGINNING = 400;
/** Longer letters are people's. */
const LONGEST_ANSWER = 1_500;

const SENTENCE_BEGINS = '(?:^|[.!\\n,*])\\W{0,6}';
const SAYS_SO = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    this is an (?:automated|automatic|auto[ -]?generated) (?:reply|response|answer|e-?mail reply) | this (?:message|reply|e-?mail|response) (?:is|was|has been) (?:an )?(?:automated|automatically generated|auto-generated) (?:reply|response|in response)
    dies ist eine automati(?:sche|sierte|sch (?:generierte|erstellte|erzeugte)) (?:antwort|abwesenheitsnotiz|rückmeldung)
    (?:ceci|cela) est une réponse automatique | esta es una respuesta automática | (?:este|esto) es un mensaje automático de respuesta
    esta é uma resposta automática | (?:questa è una|il presente messaggio è una) risposta automatica | dit is een automatisch(?:e)?(?: gegenereerd)? (?:antwoord|reactie|bericht van afwezigheid)`) +
    '(?!\\s+(?:that|which|and|but|die|und|qui|que|che|dat|en)\\b)',
  'iu',
);
const FAILURE = new RegExp(
  SENTENCE_BEGINS +
    anyOf(`
    this (?:message|mail) was created automatically by (?:the )?mail | this is the mail (?:system|delivery system|delivery agent) at | i['’]m sorry to have to inform you that your message could not
    your message (?:to \\S{1,80} )?(?:could not|couldn['’]t|wasn['’]t|was not) (?:be )?delivered | delivery (?:to the following recipients?|has) failed (?:permanently|to these recipients)
    address not found | ihre nachricht (?:an \\S{1,80} )?konnte nicht zugestellt werden | votre message n['’]a pas pu être remis | su mensaje no (?:se pudo entregar|pudo ser entregado)
    (?:a )?sua mensagem não (?:pôde|pode) ser entregue | il (?:tuo|suo) messaggio non è stato recapitato | uw bericht (?:kon|kan) niet (?:worden )?(?:afgeleverd|bezorgd)`),
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
    ik ben(?: \\S{1,12}){0,5} (?:afwezig|niet op kantoor|met vakantie|op vakantie|niet aanwezig|met verlof)`),
  'iu',
);
/** What an answer of somebody who is away says besides, and a customer who mentions to be away does not. */
const AWAY_FROM = new RegExp(
  anyOf(`
    (?:limited|no|intermittent) access to (?:my )?e-?mail | (?:return|back) (?:to the office |in the office |at work )?(?:on|in|by|from)? ?(?:mon|tue|wed|thu|fri|\\d|january|february|march|april|may|june|july|august|september|october|november|december)
    (?:urgent|immediate|emergenc)[^.!\\n]{0,60}(?:contact|call|write|e-?mail|reach) | respond (?:to your (?:e-?mail|message) )?(?:when|on|upon|after|as soon) | my colleague
    in dringenden (?:fällen|angelegenheiten) | dringend[^.!\\n]{0,60}(?:kontakt|wenden|meinen|meine) | (?:wieder|zurück)[^.!\\n]{0,30}(?:erreichbar|da|im büro|am \\d|ab) | nicht weitergeleitet | e-?mails? (?:werden|wird)
    en cas d['’]urgence | (?:de )?retour le | à mon retour | accès limité
    en caso de urgencia | (?:regreso|vuelta|volveré) el | a mi regreso | para (?:asuntos|temas) urgentes
    em caso de urgência | (?:regresso|retorno|volto) (?:a|em|no dia) | no meu regresso | assuntos urgentes
    in caso di urgenza | (?:rientro|rientrerò|tornerò) (?:il|in) | al mio rientro | per urgenze | per questioni urgenti
    (?:bij|in) (?:dringende|spoedeisende|spoed) | voor dringende | (?:weer|terug) (?:aanwezig|bereikbaar|op kantoor|op \\d) | bij mijn terugkeer`),
  'iu',
);

/**
 * Whether a machine wrote a mail in answer to another one: that somebody is out of office, or that a mail could not be delivered. By the fields of its
 * header in `metadata`, its subject, or how its text begins, in English, German, French, Spanish, Portuguese, Italian and Dutch.
 * A monitor's alarm answers nothing. In doubt it is no answer: a person's mail must not be taken for one.
 * @param mail - its text as it is read, without quotations
 */
export function isAutomated({ subject, text, metadata }: MailParts): boolean {
  if (metadata && isAnswerByHeader(metadata)) return true;
  const about = (subject ?? '').slice(0, BEGINNING);
  if (AWAY_SUBJECT.test(about) || FAILURE_SUBJECT.test(about)) return true;
  const letter = text.slice(0, LONGEST_ANSWER);
  const beginning = letter.slice(0, BEGINNING);
  if (FAILURE.test(beginning)) return true;
  // Who is away asks for nothing.
  if (text.length > LONGEST_ANSWER || letter.includes('?')) return false;
  return SAYS_SO.test(beginning) || (AWAY.test(beginning) && AWAY_FROM.test(letter));
}
