import type { Signal } from './signal';

/** Those a number in front is counting: people, and the places and things that a business lives from. */
const COUNTED =
  /people|persons?|ppl|users?|colleagues|staff|employees|agents|nurses|therapists|drivers|technicians|guests|students|pupils|children|kids|tenants|flats|families|households|members|seats|desks|workers|teachers|customers|clients|patients|shops|stores|sites|branches|offices|locations|terminals|tills|dispatchers|passengers|players|rooms|handsets|phones|schools|depots|lorries|trucks|machines|devices|accounts|orders|bookings|records|recipients|mailboxes|residents|addresses|subscribers|sellers|merchants|visitors|citizens|homes|volunteers|freelancers|travellers|salaries|payments|cards/;

/** A number, at most two words, and what it counts: "nine busy branches". */
const count = (number: RegExp): RegExp =>
  new RegExp(`(?:${number.source}) (?:\\w{1,15} ){0,2}(?:${COUNTED.source})\\b`);

/** How many are affected: a group, a team, everybody. */
export const REACH: readonly Signal[] = [
  {
    name: 'reach_group',
    rubric: 'reach',
    direction: 'raises',
    negatable: false,
    phrases: [/(?:we|us|ours?)\b/, /we'(?:re|ve|ll|d)\b/],
  },
  {
    name: 'reach_team',
    rubric: 'reach',
    direction: 'raises',
    negatable: false,
    phrases: [
      count(/\d{1,2}/),
      count(
        /two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|dozens of/,
      ),
      /(?:our|my|the whole|entire) (?:\w{1,12} )?(?:team|staff|colleagues|crew|shift|department|class|family)\b/,
      /(?:crew|shift|drivers|residents|families|passengers|technicians|tenants|employees)\b/,
      /whole (?:\w{1,12} )?(?:family|class|group|floor|street|house|building|block|office)\b/,
      /half (?:of )?(?:the|our)\b/,
      /(?:none|some|all|most|both|several) of (?:us|our|them|my)\b/,
      /several (?:\w{1,12} )?(?:people|users|customers|clients|colleagues|staff|members)\b/,
      /others? (?:too|as well|also|have it|report)\b/,
      /neighbou?rs? (?:too|also|as well|have)\b/,
      /exam(?:s|ination)?\b/,
    ],
  },
  {
    name: 'reach_many',
    rubric: 'reach',
    direction: 'raises',
    negatable: false,
    phrases: [
      count(/\d{3,7}|\d{1,3}[.,]\d{3}/),
      /(?:hundreds|thousands?|millions?)\b/,
      /(?:two|three|four|five|six|seven|eight|nine|several|a) hundred\b/,
      /hundred (?:and|people|users|customers|of)\b/,
      /every(?:one|body| ?where)\b/,
      /all (?:\w{1,12} )?(?:users|customers|clients|staff|employees|stores|shops|sites|branches|regions|offices|locations|terminals|tills|phones|students|guests|members|tenants|patients|residents|drivers|players|accounts|orders|systems|services|devices)\b/,
      /all (?:our|of our|\d{1,6}|buyers'?|regions|countries)\b/,
      /every (?:\w{1,12} )?(?:user|customer|client|store|shop|site|branch|region|office|terminal|till|phone|student|member|tenant|patient|account|order|device|seller|merchant|player|one of)\b/,
      /(?:whole|entire) (?:\w{1,12} )?(?:company|business|team|school|firm|organi[sz]ation|hospital|site|shop|store|webshop|region|country|city|town|fleet|department|network|industrial|system|platform|chain|staff|warehouse|building|village|catalog|catalogue)\b/,
      /(?:company|nation|site|city|world)(?:-| )?wide\b/,
      // An outage of a shared service affects everybody, also where no people are mentioned: "server down".
      /(?:servers?|websites?|web ?shop|systems?|network|platform|database|production|prod|checkout|apis?|vpn|gateway|everything) (?:is |are |all |completely |totally |still )?(?:down|offline|dead|unreachable|unavailable|crash(?:ed|es|ing)?)\b/,
      /(?:major|total|complete|full|massive|general) (?:outage|failure|blackout)\b/,
      /across (?:the|all|our) (?:\w{1,12} )?(?:company|country|regions?|sites?|stores?|branches|board)\b/,
      /(?:nobody|no ?one|no customer|none of \w{1,12}) (?:\w{1,12} )?(?:can|could|is able|gets?)\b/,
      /(?:customers|clients|people|users|guests|patients|visitors|shoppers|callers) (?:are |is |were )?(?:complain|complaining|waiting|calling|stuck|angry|standing|shouting|leaving|queu(?:ing|eing)|can|cannot|can'?t|sent|being|ringing|asking|turning|walking)\b/,
      /(?:many|multiple) (?:\w{1,12} )?(?:users|customers|clients|people|reports|sites|regions)\b/,
      /(?:fleet|chain|multi-?site|customers (?:affected|report|complain|see)|affect(?:s|ed|ing) (?:all|every\w{0,8}|many|\d{2,7}|our|several))\b/,
      /(?:(?:production|live) (?:system|site|environment|server|database)|prod|in production)\b/,
    ],
  },
  {
    name: 'reach_large_figure',
    rubric: 'reach',
    direction: 'raises',
    negatable: false,
    phrases: [
      /\d{1,3}(?:[.,' ]\d{3}){1,3}(?![.,]?\d)\b/,
      /\d{1,4} ?(?:k|mio|mn|million|thousand)\b/,
      /(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred) thousand\b/,
      /\d{4,7} (?:eur|usd|gbp|chf|euros?|pounds?|dollars?|francs?)\b/,
    ],
  },
];
