/**
 * English function words: they say how a sentence is built, not what it is about. They are not counted as words
 * or in pairs; the letters in them still count as character n-grams. Apostrophes are dropped, as in cleaned text.
 * "down", "off", "out", "up" and "against" are not among them: a server is down, a sum is off, a claim is against somebody.
 */
export const STOP_WORDS: readonly string[] = [
  'a an the this that these those',
  'i me my mine myself we us our ours ourselves you your yours yourself he him his she her hers it its they them their theirs',
  'im ive id ill youre youve well were hes shes thats theres theyre theyve whats',
  'am is are was be been being do does did doing done have has had having can could may might must shall should will would',
  'isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant cannot couldnt shouldnt wont wouldnt',
  'and or but nor so if then than because as while though although until unless whether',
  'of to in on at by for from with without within into onto about after before over under through during between among per via',
  'who whom whose which what when where why how',
  'not no yes too very just also only even still again ever never here there now',
  'all any both each few more most much many other others another some such same own every either neither none',
].flatMap((line) => line.split(' '));
