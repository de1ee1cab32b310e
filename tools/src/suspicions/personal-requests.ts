import type { WrittenTicket } from '../storm-threshold/texts';

type Random = () => number;

const NAMES = [
  'Miriam',
  'Tobias',
  'Aisha',
  'Pavel',
  'Ingrid',
  'Samuel',
  'Noor',
  'Declan',
  'Yuki',
  'Rosa',
  'Henrik',
  'Leila',
];
const SURNAMES = ['Okafor', 'Lindqvist', 'Marsh', 'Petrov', 'Duarte', 'Haddad', 'Nowak', 'Ferris', 'Tanaka', 'Brandt'];
const MONTHS = ['January', 'March', 'April', 'June', 'August', 'October', 'November'];
const TOWNS = ['Leeds', 'Porto', 'Ghent', 'Turin', 'Aarhus', 'Cork', 'Lyon', 'Graz'];

const number = (random: Random, digits: number): string => String(Math.floor((1 + 9 * random()) * 10 ** (digits - 1)));
const one = (random: Random, list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
const person = (random: Random): string => `${one(random, NAMES)} ${one(random, SURNAMES)}`;

/** What people ask for by themselves: once naming what it is about, once as if that were known. */
const PATTERNS: readonly (readonly [about: string, named: (random: Random) => string, unnamed: string])[] = [
  ['parcel', (r) => `When will parcel ${number(r, 5)} arrive?`, 'When will my parcel arrive?'],
  [
    'return',
    (r) => `I want to return booking ${number(r, 4)}, it was the wrong size.`,
    'I want to return what I bought, it was the wrong size.',
  ],
  [
    'invoice',
    (r) => `Please send me a copy of invoice INV-${number(r, 6)}.`,
    'Please send me a copy of my last invoice.',
  ],
  [
    'name',
    (r) => `Please change the name on my account to ${person(r)}.`,
    'I have married, please change the name on my account.',
  ],
  [
    'address',
    (r) => `We are moving to ${one(r, TOWNS)} in ${one(r, MONTHS)}, please send everything there from then on.`,
    'We are moving next month, what do you need from me for the new address?',
  ],
  [
    'cancel',
    (r) => `Please cancel order ${number(r, 7)}, I do not need it any more.`,
    'Please cancel my order, I do not need it any more.',
  ],
  [
    'appointment',
    (r) => `Could my appointment on ${number(r, 1)} ${one(r, MONTHS)} be moved to the afternoon?`,
    'Could my appointment be moved to the afternoon?',
  ],
  [
    'access',
    (r) => `Please give our new colleague ${person(r)} access to the shared folder.`,
    'Please give our new colleague access to the shared folder.',
  ],
  ['refund', (r) => `How long does the refund for order ${number(r, 6)} take?`, 'How long does a refund take?'],
  [
    'seat',
    (r) => `For flight ${one(r, ['KX', 'VL', 'QD'])}${number(r, 3)} I would like a seat at the window.`,
    'I would like a seat at the window for my flight.',
  ],
  [
    'contract',
    (r) => `What is the earliest date on which contract ${number(r, 8)} can end?`,
    'What is the earliest date on which my contract can end?',
  ],
  [
    'guest',
    (r) => `Please add ${person(r)} to my booking as a second guest.`,
    'Please add a second guest to my booking.',
  ],
  [
    'points',
    (r) => `The ${number(r, 3)} points of my stay in ${one(r, TOWNS)} should go to my card please.`,
    'How do I get points for my last stay?',
  ],
  [
    'phone',
    (r) => `My new phone number is 07${number(r, 9)}, please note it.`,
    'I have a new phone number, where do I enter it?',
  ],
];

/** Around a request: people greet, or do not. */
const BEFORE = ['', '', '', 'Hi, ', 'Hello, ', 'Good morning. '];
const AFTER = ['', '', '', ' Thanks!', ' Thank you.', ' Kind regards'];

/** Requests of one person each, in turn of every kind; about half of them name what they are about. */
export function personalRequests(count: number, random: Random): WrittenTicket[] {
  return Array.from({ length: count }, (_, at) => {
    const [about, named, unnamed] = PATTERNS[at % PATTERNS.length] as (typeof PATTERNS)[number];
    const request = random() < 0.5 ? named(random) : unnamed;
    return {
      id: `personal-${at + 1}`,
      about: `personal: ${about}`,
      text: one(random, BEFORE) + request + one(random, AFTER),
    };
  });
}
