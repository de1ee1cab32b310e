/**
 * Words that say nothing about a matter: the grammar's, greetings and thanks, what notices about calls and mails consist of, and those of who leaves a list
 * or points to an attachment. Not the words of negation: "not working" says something.
 */
const EMPTY_WORDS = new Set(
  (
    'a an the this that these those it its he she they we you i me my our your their us them him her mine ours yours ' +
    'is are was were be been being am do does did done have has had having will would shall should can could may might must ' +
    'and or but so if then than as of to in on at by for from with about into over under again further once here there ' +
    'who whom which what when where why how all any both each few more most other some such only own same too very just also ' +
    'hi hello hey hallo dear greetings good morning afternoon evening day night welcome ' +
    'thanks thank thankyou thx ty tnx cheers much many lot appreciated appreciate kind kindly best regards regard sincerely yours faithfully ' +
    'please pls plz fyi hej hei cześć tack tak takk dziękuję dzięki pozdrawiam mvh sir madam team support everyone everybody folks guys ' +
    'ok okay yes no yeah yep nope sure fine great perfect test testing tests hmm well help helps ' +
    'new voicemail voice mail message messages missed call calls called caller received recording duration seconds second minutes length number attached ' +
    'incoming extension ext phone date time pm anonymous withheld unknown listen ' +
    'get got know let need want like see say said tell im ive dont quick question hope doing today asap urgent urgently ' +
    'attached attachment attachments enclosed fw fwd unsubscribe stop ' +
    'guten tag morgen abend moin servus sehr geehrte geehrter geehrtes damen herren und liebe lieber danke dankeschön vielen dank grüße gruß mfg bitte ' +
    'bonjour bonsoir salut merci beaucoup madame monsieur cordialement hola buenos buenas días dias tardes noches gracias saludos estimado estimada ' +
    'olá ola bom boa dia tarde noite obrigado obrigada ciao buongiorno buonasera salve grazie gentile saluti hoi beste geachte bedankt groet groeten goedemorgen goedemiddag'
  ).split(' '),
);

/** The line that phones and mail programs put below every mail, and that is all there is of one without a text. */
const SENT_FROM =
  /^[ \t]{0,20}(?:sent from (?:my (?:\S{1,20} ){0,2}(?:i?phone|ipad|android|galaxy|mobile|smartphone|blackberry)|mail|outlook|yahoo|gmail|proton)|get outlook for)\b.*$/gimu;

/** A line that only addresses somebody. */
const SALUTATION =
  /^[ \t]{0,20}(?:dear|hi|hello|hey|hallo|guten tag|sehr geehrte[rs]?|liebe[rs]?|bonjour|ch[eè]re?|hola|estimad[oa]|ol[áa]|gentile|ciao|beste|geachte)(?: [\p{L}.'’-]{1,30}){1,4}[ \t]{0,20},[ \t]*$/gimu;

/** Letters with the marks on them, which vowels are in many scripts, and the joiners between them. */
const WORD = /\p{L}[\p{L}\p{M}\p{Join_Control}'’]*/gu;

/** No empty word is as long: more of a word need not be looked at. */
const LONGEST_WORD = 40;

/** Whether a text says anything about a matter: more than a greeting, thanks (in seven languages), the notice of a call or the signature of a phone. */
export function saysSomething(text: string): boolean {
  for (const [word] of text.replaceAll(SENT_FROM, '').replaceAll(SALUTATION, '').matchAll(WORD)) {
    const composed = word.slice(0, LONGEST_WORD).normalize('NFC');
    const plain = composed.toLowerCase().replaceAll(/['’\p{Join_Control}]/gu, '');
    if (plain.length > 1 && !EMPTY_WORDS.has(plain)) return true;
  }
  return false;
}
