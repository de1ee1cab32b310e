import type { Signal } from './signal';

/** They asked before and got no answer, or none that helped. */
export const REPEAT_CONTACT: readonly Signal[] = [
  {
    name: 'repeat_asked_before',
    rubric: 'repeat_contact',
    direction: 'raises',
    negatable: false,
    phrases: [
      /(?:second|third|fourth|fifth|sixth|seventh|2nd|3rd|4th|5th|6th|nth|umpteenth) (?:\w{1,12} )?(?:time|e?-?mail|message|reminder|ticket|request|letter|call|attempt|contact|report|nudge|complaint|try|chat|fax|note)\b/,
      /(?:twice|two|three|four|five|six|seven|eight|several|many|\d{1,2}) (?:\w{1,12} )?(?:times|e?-?mails|messages|reminders|tickets|requests|letters|calls|chats|faxes)\b/,
      /(?:asked|wrote|written|called|rang|phoned|mailed|emailed|reported|told|contacted|messaged|complained|faxed|chased|sent) (?:\w{1,12} ){0,3}(?:twice|already|before|again|times|weeks? ago|days ago|yesterday|last week|on the \d{1,2}(?:st|nd|rd|th)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|repeatedly|every day)\b/,
      /already (?:asked|wrote|written|called|rang|phoned|mailed|emailed|reported|told|contacted|sent|complained|chased)\b/,
      /promised\b/,
      /(?:was|were|been|be) told\b/,
      /(?:reminder (?:of|sent|on|from)|reminders|chas(?:ed|ing))\b/,
      /(?:(?:yet|once) again|once more|again and again)\b/,
      /(?:(?:nth|umpteenth|hundredth|third|fourth) (?:in a row|already)|as i (?:said|wrote|told|mentioned)|(?:still|yet) (?:not|isn'?t|hasn'?t|doesn'?t|broken|wrong|down|the same)|same (?:problem|fault|error|issue|thing) again|kept waiting|on hold for|passed (?:around|from)|sent (?:me |us )?(?:from|in circles)|bounced between)\b/,
      /how (?:many (?:times|more)|much longer)\b/,
    ],
  },
  {
    name: 'repeat_unanswered',
    rubric: 'repeat_contact',
    direction: 'raises',
    negatable: false,
    phrases: [
      /(?:no|without|without an?|not any|no any) (?:\w{1,12} )?(?:answers?|reply|replies|response|reaction|callback|call back)\b/,
      /no ?(?:body|one) (?:has )?(?:answers?|answered|replies|replied|calls|called|responds|responded|reacts|reacted|picks|picked|helps|helped|writes|wrote|got back|gets back)\b/,
      /(?:unanswered|ignored|ignor(?:es|ing) (?:me|us|my|our|all))\b/,
      /never (?:answered|replied|heard|called back|responded|got (?:an answer|a reply))\b/,
      /not (?:answered|replied|responded|reacted)\b/,
      /(?:heard nothing|nothing (?:heard|happened|came back|since|back)|have(?:n'?t| not) heard)\b/,
      /still (?:nothing|no|waiting|unanswered|unresolved|missing|without)\b/,
      /(?:(?:only|just|automatic|robot|bot) (?:an? )?(?:automatic |robot |bot )?(?:answers?|repl(?:y|ies))|bots?)\b/,
      /(?:(?:weeks|months) (?:now|already|on)|(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:weeks|months) ago)\b/,
      /overdue\b/,
    ],
  },
];
