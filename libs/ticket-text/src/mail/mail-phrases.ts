/** Alternatives of a pattern, from phrases in lines of their own or with ` | ` between them. */
export const anyOf = (phrases: string): string => {
  const lines = phrases.split('\n').flatMap((line) => line.split(' | '));
  const written = lines.map((phrase) => phrase.trim()).filter((phrase) => phrase !== '');
  return `(?:${written.join('|').replaceAll(' ', '\\s+')})`;
};

/** No line that introduces a quotation or closes a mail is longer: more of a line is not looked at. */
export const LONGEST_HEADER = 300;

/** What a mail program writes above a quotation without `>` names an address, or day and time, and neither who reads it nor who is read. */
const ADDRESS = /\S@\S/u;
const TIME = /(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)/u;
const namesDayAndTime = (line: string): boolean => TIME.test(line) && /\d/u.test(line.replace(TIME, ''));
const OF_A_PERSON =
  /(?<!\p{L})(?:i|me|my|we|us|our|you|your|ich|mir|mich|uns|ihre?|ihnen|sie|je|nous|vous|votre|vos|usted|mij|mijn|jag|mig|jeg|meg|oss|vi|ni|mnie|nam|nas)(?!\p{L})|[jm]['’]/iu;

const ATTRIBUTION_BEGINS = new RegExp(
  `^[\\s*_-]*${anyOf('on | am | le | el | il | em | op | den | a | no dia | in data | w dniu')}\\s`,
  'iu',
);
const WROTE = anyOf(
  'wrote | schrieb | écrit | escribió | ha scritto | escreveu | schreef | skrev | pisze | napisał(?:a|\\(a\\))?',
);
const ATTRIBUTION_ENDS = new RegExp(
  `(?<!\\p{L})${WROTE}(?!\\p{L}|,?\\s+(?:that|dass|que|che|dat|att|at|że)\\s)[^:]{0,120}:\\s*[-_*]*$`,
  'iu',
);
const ADDRESS_WROTE = new RegExp(`^[^<>]{0,80}<[^<>\\s]+@[^<>\\s]+>[^<>]{0,40}${WROTE}\\s*:$`, 'iu');
const LINE_WITH_QUOTE = /^\s*>/u;

/** Whether a line, perhaps wrapped, is what mail programs write above the mail that is answered: `On 3 May 2026 at 10:12 Bo <bo@example.com> wrote:`. */
export function isAttribution(line: string, below: string | undefined): boolean {
  if (line.length > LONGEST_HEADER || !line.trimEnd().endsWith(':')) return false;
  if (ADDRESS_WROTE.test(line.trim())) return true;
  if (!ATTRIBUTION_ENDS.test(line)) return false;
  const isDated = namesDayAndTime(line) && !OF_A_PERSON.test(line);
  // Some programs begin with the name of the day.
  if (!ATTRIBUTION_BEGINS.test(line)) return isDated && ADDRESS.test(line);
  return ADDRESS.test(line) || isDated || (below !== undefined && LINE_WITH_QUOTE.test(below));
}

/** Whether an attribution may begin here that goes on in the next line. */
export const mayBeginAttribution = (line: string): boolean =>
  line.length <= LONGEST_HEADER && ATTRIBUTION_BEGINS.test(line) && /\d/u.test(line);

const ORIGINAL = anyOf(`
  original message | original appointment | ursprüngliche nachricht | originalnachricht | message d['’]origine | message original | mensaje original | mensagem original
  messaggio originale | oorspronkelijk bericht | ursprungligt meddelande | oprindelig meddelelse | opprinnelig melding | wiadomość oryginalna | oryginalna wiadomość`);
const FORWARDED = anyOf(`
  forwarded message | begin forwarded message | weitergeleitete nachricht | anfang der weitergeleiteten nachricht
  message transféré | début du message transféré | début du message réexpédié | mensaje reenviado | inicio del mensaje reenviado
  mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada | messaggio inoltrato | inizio messaggio inoltrato
  doorgestuurd bericht | begin doorgestuurd bericht | (?:vidarebefordrat|videresendt) (?:meddelande|meddelelse|besked|melding) | przekazana wiadomość | wiadomość przekazana dalej`);
const IS_ORIGINAL = new RegExp(`^[\\s>]*[-_*]{2,}\\s*${ORIGINAL}\\s*[-_*]{0,40}\\s*$`, 'iu');
const IS_FORWARDED = new RegExp(
  `^[\\s>]*(?:[-_*]{2,}\\s*${FORWARDED}\\s*:?\\s*[-_*]{0,40}|${FORWARDED}\\s*:)\\s*$`,
  'iu',
);

/** What a line between two mails says about the second: that it was answered, or forwarded. */
export function separatorKind(line: string): 'reply' | 'forward' | undefined {
  if (line.length > LONGEST_HEADER) return undefined;
  if (IS_ORIGINAL.test(line)) return 'reply';
  return IS_FORWARDED.test(line) ? 'forward' : undefined;
}

/** Names of the fields above a quoted mail, by what they say. The first of a block is who sent it. */
const FROM = anyOf('from | von | de | da | van | expéditeur | remitente | mittente | från | fra | od');
const OTHER_FIELDS = anyOf(`
  sent | date | to | cc | bcc | subject | reply-to | importance | attachments | gesendet | datum | an | betreff | envoyé | à | objet | cc | enviado | enviado el
  enviada em | fecha | data | para | asunto | assunto | inviato | inviato il | a | oggetto | verzonden | aan | onderwerp
  skickat | sendt | dato | till | til | kopia | kopi | ämne | emne | wysłano | do | dw | temat`);
const FROM_FIELD = new RegExp(`^[\\s>]*\\*{0,2}${FROM}\\s?:\\*{0,2}\\s+\\S`, 'iu');
const OTHER_FIELD = new RegExp(`^[\\s>]*\\*{0,2}${OTHER_FIELDS}\\s?:\\*{0,2}(?:\\s|$)`, 'iu');

/** Fewest fields of a quoted mail; a letter may begin with one that looks alike. */
const FEWEST_FIELDS = 3;
const MOST_FIELDS = 12;

const SUBJECT_FIELD = new RegExp(
  `^[\\s>]*\\*{0,2}${anyOf('subject | betreff | objet | asunto | assunto | oggetto | onderwerp | ämne | emne | temat')}\\s?:\\*{0,2}\\s*`,
  'iu',
);

/** What the fields above a quoted mail say that it is about; `undefined` if they do not. */
export function subjectIn(fields: readonly string[]): string | undefined {
  const field = fields.find((line) => SUBJECT_FIELD.test(line.slice(0, LONGEST_HEADER)));
  return field?.replace(SUBJECT_FIELD, '');
}

/**
 * Where the fields end that mail programs write above a quoted mail (`From:`, `Sent:`, `To:`, `Subject:`), if they begin in this line.
 * @returns the first line of the quoted mail; `undefined` where none begins
 */
export function endOfFields(lines: readonly string[], at: number): number | undefined {
  const first = lines[at] ?? '';
  if (!FROM_FIELD.test(first.slice(0, LONGEST_HEADER))) return undefined;
  let fields = 1;
  let end = at + 1;
  for (let index = at + 1; index < lines.length && index <= at + MOST_FIELDS; index += 1) {
    const line = (lines[index] ?? '').slice(0, LONGEST_HEADER);
    if (line.trim() === '' && fields < FEWEST_FIELDS) continue;
    // A list of recipients goes on in further lines, indented.
    if (!OTHER_FIELD.test(line) && !/^\s+\S/u.test(line)) break;
    if (OTHER_FIELD.test(line)) fields += 1;
    end = index + 1;
  }
  // A trip has a from, a to and a date, too.
  const isOfMail = lines
    .slice(at, end)
    .some((line) => ADDRESS.test(line.slice(0, LONGEST_HEADER)) || SUBJECT_FIELD.test(line.slice(0, LONGEST_HEADER)));
  return fields >= FEWEST_FIELDS && isOfMail ? end : undefined;
}

const DEVICE = anyOf(
  'i?phone | ipad | mobile | mobiltelefon | handy | smartphone | tablet | android | galaxy | samsung | pixel | huawei | xiaomi | blackberry | nokia | mac(?:book)? | watch | windows | device',
);
const PROGRAM = anyOf(
  'app | mail | mobile | outlook | gmail | yahoo | proton(?:mail)? | gmx | web\\.de | t-online | spark | superhuman | airmail | mimestream | canary | blackberry | fairemail | k-9',
);

const SENT_FROM = new RegExp(
  `^\\W{0,4}${anyOf(`
    sent from my (?:\\S{1,20} ){0,3}${DEVICE}.{0,40} | sent from (?:mail|outlook|yahoo|gmail|proton|samsung).{0,60} | get outlook for (?:ios|android|mac|windows|mobile)(?:\\W{1,4}http\\S{1,80})?
    sent (?:via|with) (?:the )?(?:\\S{1,20} )?${PROGRAM}.{0,30}
    von meinem .{1,60} gesendet | gesendet (?:von|mit) (?:\\S{1,20} ){0,3}(?:${DEVICE}|${PROGRAM}).{0,40} | von .{1,40} gesendet | outlook für .{1,30} beziehen | holen sie sich outlook .{1,40}
    envoyé de mon .{1,60} | envoyé depuis .{1,60} | envoyé à partir de .{1,60} | télécharger outlook pour .{1,40} | obtenir outlook pour .{1,40}
    enviado desde .{1,60} | enviado de mi .{1,60} | obtener outlook para .{1,40}
    enviado do meu .{1,60} | enviado a partir d.{1,60} | enviado via .{1,60} | obter o outlook para .{1,40}
    inviato da .{1,60} | inviato dal .{1,60} | scarica outlook per .{1,40} | ottieni outlook per .{1,40}
    verzonden vanaf .{1,60} | verstuurd vanaf .{1,60} | verzonden met .{1,60} | outlook voor .{1,30} downloaden | download outlook voor .{1,40}
    (?:skickat från|sendt fra|sendt med|wysłan[eo] z) (?:\\S{1,20} ){0,3}(?:${DEVICE}|${PROGRAM}).{0,40}`)}\\W*$`,
  'iu',
);

/** `Sent from my phone`, in the languages above. A line of a person's own is longer or goes on. */
export const isSentFrom = (line: string): boolean => line.length <= 120 && SENT_FROM.test(line);

const SIGN_OFF = new RegExp(
  `^\\s*${anyOf(`
    (?:(?:with |many |my )?(?:best|kind|kindest|warm|warmest) )?regards | best | best wishes | all the best | (?:yours )?(?:sincerely|faithfully|truly)(?: yours)?
    yours | cheers | many thanks | thanks | thank you | thanks and regards | thanks (?:&|and) best regards | thanks in advance | respectfully | cordially
    (?:mit )?(?:freundliche[nm]?|beste[nm]?|viele[n]?|liebe[n]?|herzliche[n]?|schöne[n]?) (?:grüße[n]?|grüsse[n]?|gruß|gruss) | mfg | vg | lg | beste grüße | hochachtungsvoll | vielen dank | danke
    (?:bien |très )?cordialement | bien à vous | (?:meilleures |sincères )?salutations | bonne journée | bonne soirée | merci | merci d['’]avance | respectueusement
    (?:un )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?)? | atentamente | un saludo | muchas gracias | gracias | quedo a la espera
    atenciosamente | (?:com os )?(?:melhores )?cumprimentos | cordialmente | obrigad[oa] | abraços? | att
    (?:cordiali|distinti|migliori|un cordiale) salut[io] | saluti | grazie(?: mille)? | in fede
    (?:met )?(?:vriendelijke|hartelijke) groet(?:en)? | mvg | groet(?:en|jes)? | (?:alvast )?bedankt | hoogachtend
    (?:med )?(?:vänliga? |bästa |venlige? |vennlig |beste )?(?:hälsning(?:ar)?|hilsen(?:er)?) | mvh | tack(?: på förhand)? | takk?(?: på forhånd)?
    (?:serdecznie )?pozdrawiam(?: serdecznie)? | z poważaniem | z wyrazami szacunku | dziękuję | dzięki`)}\\W*$`,
  'iu',
);

/** A line that ends a letter: `Best regards,`. */
export const isSignOff = (line: string): boolean => line.length <= 60 && SIGN_OFF.test(line);

const MESSAGE = anyOf(`
  this (?:e-?mail|message|communication|transmission) | the (?:information|content)s? (?:contained )?(?:in|of) this (?:e-?mail|message|communication) | the information (?:transmitted|contained)
  diese (?:e-?mail|nachricht) | der inhalt dieser (?:e-?mail|nachricht) | ce (?:message|courriel|mail|courrier électronique) | cet e-?mail
  este (?:mensaje|correo|e-?mail) | esta (?:mensagem|comunicación|comunicação) | questo messaggio | questa (?:e-?mail|comunicazione) | le informazioni contenute | dit (?:bericht|e-?mailbericht) | deze (?:e-?mail|mail)`);
const SECRET = anyOf(
  'confidential(?:ity)? | privileged | vertraulich | confidentiel | confidencial | confidenziale? | riservat | vertrouwelijk',
);
const RECIPIENT = anyOf(
  'intended | recipient | addressee | addressed | empfänger | adressat | bestimmt | destinataire | destiné | destinatari | destinad | bestemd | geadresseerde | ontvanger',
);
const HAS_MESSAGE = new RegExp(
  `^[\\W_]*(?:(?:disclaimer|confidentiality notice|notice)[\\W_]+)?${MESSAGE}(?!\\s+(?:of|from|to|with|which|you)\\b)`,
  'iu',
);
const HAS_SECRET = new RegExp(SECRET, 'iu');
const HAS_RECIPIENT = new RegExp(RECIPIENT, 'iu');
const NOTICE = new RegExp(
  `^\\W*${anyOf(`
    please consider the environment before printing | think before you print | bitte denken sie an die umwelt | pensez à l['’]environnement
    if you are not (?:the |an )?(?:\\w{1,12} )?(?:recipient|addressee) | if you have received this (?:e-?mail|message|communication) in error
    (?:caution|warning|external(?: e-?mail)?)\\W{1,4}(?:this (?:e-?mail|message) )?(?:originated|comes|came|was sent) from (?:outside|an external)(?![^.!\\n]{0,60}\\b(?:and|but)\\b)[^.!,\\n]{0,60}(?:[.!]|$)
    \\[?external(?: e-?mail| sender)?\\]?$`)}`,
  'iu',
);

/** A paragraph is looked at so far. */
const BEGINNING_OF_DISCLAIMER = 600;

/** Whether a paragraph is what companies put below all mails, or mail gateways above them. A person who writes about a confidential mail says `the mail`, or whose. */
export function isDisclaimer(paragraph: string): boolean {
  const text = paragraph.slice(0, BEGINNING_OF_DISCLAIMER);
  return NOTICE.test(text) || (HAS_MESSAGE.test(text) && HAS_SECRET.test(text) && HAS_RECIPIENT.test(text));
}

const CONTACT =
  /\S@[^\s@]{1,80}\.\S|\bwww\.|https?:|\+?\d[\d ()/.-]{6,}\d|\s\|\s|\b(?:gmbh|ltd|inc|llc|s\.?a\.?r\.?l|s\.?p\.?a|b\.?v|ag|kg|tel|fon|fax|mobile?|phone)\b/iu;
const POSTSCRIPT = /^\s*(?:p\.? ?s\b|nb\b)/iu;
const MOST_WORDS_OF_SIGNATURE = 7;

/** Six words in a row that begin with a small letter are no address. */
const LOWER_CASE_PROSE = /(?:^|\s)\p{Ll}[\p{L}'’]*[,.]?(?:\s+\p{Ll}[\p{L}'’]*[,.]?){5}/u;
/** Words of a line with an address or a number. */
const MOST_WORDS_OF_ADDRESS = 12;
/** A function, a company and a street begin with a capital letter, and have few words without; so do names, but of who writes everything small. */
const LOWER_CASE_SENTENCE = /^\p{Ll}\S*(?:\s+\S+){3}|\s(?!of\s)\p{Ll}\S*(?:\s+\p{Ll}\S*){3}/u;

/** Whether a line may stand below a name: a function, a company, an address, a number. In doubt it may not, and is read. */
export function mayBelongToSignature(line: string): boolean {
  if (line.length > LONGEST_HEADER) return false;
  const text = line.trim();
  if (POSTSCRIPT.test(text) || /[?!](?:\s|$)/u.test(text)) return false;
  const words = text.split(/\s+/u).length;
  if (CONTACT.test(text)) return words <= MOST_WORDS_OF_ADDRESS && !LOWER_CASE_PROSE.test(text);
  return words <= MOST_WORDS_OF_SIGNATURE && !/[.;:]$/u.test(text) && !LOWER_CASE_SENTENCE.test(text);
}
