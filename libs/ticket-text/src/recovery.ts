import { saysSomething } from './says-something';

/** Alternatives of a pattern, from words. */
const anyOf = (words: string): string => `(?:${words.trim().replace(/\s+/g, '|')})`;

/** Monitors' words for a state. */
const OVER_STATES = anyOf('resolved recovered recovery ok okay up closed cleared clear normal healthy');
const TROUBLE_STATES = anyOf(`
  alert alerting alarm critical crit problem down warn warning firing fired triggered re-triggered error emergency fatal
  failed failure outage degraded unknown unreachable`);

const IS_OVER_STATE = new RegExp(`^${OVER_STATES}$`, 'iu');
const IS_TROUBLE_STATE = new RegExp(`^${TROUBLE_STATES}$`, 'iu');

/** A word where monitors put a state: at the beginning of a line, in brackets or behind a colon. */
const LABEL = /(?:^|[[\]|:])[^\p{L}\p{N}[\]|:]{0,12}([\p{L}-]+)/gu;

/** What follows a state, unless it is a word of a sentence. */
const LABEL_END = /^\s*(?:$|[:|!\]]|[-–—]\s)/u;

/** Behind a state in capitals: `RECOVERY FAILED`, `RECOVERY SITE`, `UP 40 %`. */
const NO_LABEL =
  /^\s+(?:fail|errors?\b|jobs?\b|sites?\b|modes?\b|points?\b|plans?\b|not\b|is\b|to\b|by\b|of\b|[\d.]+ ?%)/iu;

/** `CRIT -> OK`, `from OK to CRITICAL`. */
const CHANGE = new RegExp(
  `\\b(?:${OVER_STATES}|${TROUBLE_STATES})\\s*(?:[-=]>|→|\\bto\\b)\\s*(${OVER_STATES}|${TROUBLE_STATES})\\b`,
  'iu',
);

const TROUBLES = `${anyOf('alert alarm incident issue problem case ticket warning error outage event downtime down')}s?`;

/** `Alert cleared`, `Incident 8431 has been resolved`, `the alarm on web07 is over`. */
const TROUBLE_IS_OVER =
  `${TROUBLES}(?: #?[\\w-]*\\d[\\w-]*)?(?: (?:on|for|of|at|in|with) [\\w.-]+)?` +
  `(?: ${anyOf('is are was were has have been now auto automatically')}){0,4} ${anyOf('resolved recovered cleared closed over ended')}\\b`;

const BEGINS_TROUBLE_IS_OVER = new RegExp(`^\\W*${TROUBLE_IS_OVER}`, 'iu');

/** Of a host `up` says that it is well, of a load (`is up 40 %`) that it is high; a name that `resolved to` an address was looked up. */
const OVER = new RegExp(
  `\\b(?:${TROUBLE_IS_OVER}|resolved(?! to\\b)|recovered|recovers|up again|all clear|back ${anyOf('online to\\snormal in\\sservice')}` +
    `|back up(?! ${anyOf('jobs? fail\\w* errors? of the your to')}\\b)` +
    `|(?:is|are)(?: now)? (?:ok|healthy|normal|up(?![ -](?:[\\d~]|by\\b|to\\b|from\\b))))\\b|^\\W*(?:cleared|closed) (?:the )?${TROUBLES}\\b`,
  'iu',
);

const MEASURE_IS_UP = new RegExp(
  `\\b${anyOf('load usage utili[sz]ation latency rates? errors? traffic temperature memory cpu queues? lag counts? times? delays? timeouts failures complaints')}\\b` +
    `[^.:;!?]{0,40} (?:is|are)(?: now)? up\\b(?! again)`,
  'iu',
);

const NEGATION =
  `(?:not|never|cannot|unable|failed|\\w+n't|${anyOf('is was are were has have had ca could')}nt)` +
  `(?: ${anyOf('yet been be to fully completely entirely really quite properly being still')}){0,4}`;

/** What makes it a part, a condition or a hope: `only 1 of 3 nodes is up`, `once it is resolved`, `will be cleared`. */
const RESTRICTION =
  `(?:not all|only|none|no(?! longer)|neither|few|partly|partially|almost|nearly|until|unless|once|when|if|before|will|should|must|to be|being` +
  `|(\\d+) (?:out )?of (?!\\1\\b)\\d+|(\\d+)/(?!\\2\\b)\\d+ [a-z]+s)(?: [\\w#'-]+){0,5}`;

/** Phrases of a failure that is not over, though they have a word of recovery. */
const NOT_OVER = new RegExp(
  `\\b(?:${NEGATION}|${RESTRICTION}) ${anyOf('resolved recovered cleared closed over back up ok healthy normal')}\\b` +
    `|\\bunresolved\\b|\\b(?:still|remains?|but)(?: [\\w#'-]+){0,4} (?:${TROUBLE_STATES}|fails?|failing|broken|not)\\b` +
    `|\\b(?:is|are) (?:${TROUBLE_STATES}|failing|broken)\\b`,
  'iu',
);

/** A subject or first line is enough: what follows may quote the trouble. */
const LOOKED_AT = 300;

/** What the labels of a line say: whether a trouble is over, or `undefined` if there are none. The first decides. */
function labelledAsOver(line: string): boolean | undefined {
  const [, changedTo] = CHANGE.exec(line) ?? [];
  if (changedTo) return IS_OVER_STATE.test(changedTo);
  if (BEGINS_TROUBLE_IS_OVER.test(line)) return undefined;
  for (const { 0: label, 1: word = '', index } of line.matchAll(LABEL)) {
    const behind = line.slice(index + label.length);
    const isLabel = LABEL_END.test(behind);
    const inCapitals = word === word.toUpperCase() && !label.startsWith(':');
    if (IS_TROUBLE_STATE.test(word) && (isLabel || inCapitals)) return false;
    if (IS_OVER_STATE.test(word) && (isLabel || (inCapitals && !NO_LABEL.test(behind)))) return true;
  }
  return undefined;
}

/**
 * Whether a program's message says that a trouble is over, by its first line that says something: by the state that monitors
 * label it with (`[RESOLVED]`, `OK:`, `CRIT -> OK`), else by its words. In doubt it does not, because no alarm may be missed.
 */
export function isRecovery(text: string): boolean {
  const lines = text.slice(0, LOOKED_AT).replaceAll('’', "'").split('\n');
  for (const line of lines) {
    const labelled = labelledAsOver(line);
    if (labelled !== undefined) return labelled;
    if (saysSomething(line)) return OVER.test(line) && !NOT_OVER.test(line) && !MEASURE_IS_UP.test(line);
  }
  return false;
}
