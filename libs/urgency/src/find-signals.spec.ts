import fc from 'fast-check';
import { findSignals } from './find-signals';
import { normalise } from './normalise';
import { SIGNALS } from './signals/all-signals';

const namesIn = (text: string): string[] => [...new Set(findSignals(text).matches.map(({ signal }) => signal.name))];
const numberOf = (name: string, text: string): number =>
  findSignals(text).vector[SIGNALS.findIndex((signal) => signal.name === name)] ?? NaN;

/** For each signal, ways in which somebody may say it. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  harm_danger: ['The charger is smoking', 'kitchen fire', 'My grandfather needs insulin', 'gas leak in the basement'],
  harm_vulnerable: ['it is a care home', 'prescription label printer', 'He broke his arm', 'she is pregnant'],
  harm_money: ['You charged my card twice', 'account overdrawn', 'double-charged', 'nobody can pay at the till'],
  harm_livelihood: ['payroll run', 'they will evict me', 'wages', 'we would lose our licence'],
  harm_data: ['all photos are gone', 'the records were deleted', 'data loss', 'the sync overwrites my notes'],
  harm_in_progress: ['it is happening right now', 'and the bot keeps sending', 'Stop this', 'freeze my card'],
  reach_group: ['we cannot print', 'Our router'],
  reach_team: ['12 nurses wait', 'none of us gets in', 'the whole department', 'three of our drivers'],
  reach_many: ['1,400 customers', 'nobody can order', 'every branch', 'site-wide', 'server down'],
  reach_large_figure: ['a debit of 38,000', '45k', 'twelve thousand'],
  work_standstill: ['production stopped', 'staff sent home', 'the line stands still', 'nothing works'],
  work_outage: ['server down', 'website is down', 'HTTP 503', 'an outage', 'no network in the whole house'],
  work_not_working: ['the app crashes', 'the printer does not work', 'it is dead', 'blank screen', 'not responding'],
  work_blocked: ["I can't log in", 'cannot access the portal', 'we are locked out', 'Payment declined'],
  work_fault: ['the upload fails', 'wrong total', 'the export is broken'],
  work_just_began: ['since this morning', 'since the update', '20 minutes ago', 'last night'],
  deadline_hours: ['by 5 pm', 'within the hour', 'before noon', 'the ship leaves at 18:30', 'tonight'],
  deadline_clock: ['14:05 job started'],
  deadline_today: ['must be out today', 'EOD please'],
  deadline_tomorrow: ['it closes tomorrow', 'tmrw'],
  deadline_days: ['by Friday', 'this week', 'within three working days'],
  deadline_consequence: ['otherwise too late', 'final notice', 'the offer expires on Monday'],
  deadline_weeks: ['within 30 days', 'by the end of the quarter', 'until the 15th'],
  exposure_misuse: [
    'my account was hacked',
    'a phishing page',
    'someone else logged in',
    'I did not order it, it was not me',
  ],
  exposure_leak: [
    'data leak',
    'I see other customers invoices',
    'the bucket is publicly readable',
    'sent to the wrong person',
  ],
  exposure_court: ['court order attached', 'the police ask', 'an injunction'],
  exposure_authority: ['the regulator wrote', 'we will be fined'],
  exposure_lawyer: ['my solicitor', 'letter before action', 'we demand', 'this is unlawful'],
  repeat_asked_before: ['this is my third mail', 'I already asked', 'you promised', 'called twice'],
  repeat_unanswered: ['no reply so far', 'nobody answers', 'still waiting', 'ignored'],
  tone_pressing: ['URGENT', 'asap', 'please help', 'we need it now'],
  solved: ['it is solved', 'works again', 'please close the ticket', 'never mind', 'my mistake, sorry'],
  looks_done: ['the parcel has arrived', 'payment went through', 'the refund has come'],
  thanks: ['Thanks a lot', 'thx', 'lovely work', 'kudos'],
  remark: ['only a remark', 'just to let you know', 'fyi', 'a suggestion for the app'],
  wish: ['it would be nice', "I'd like a darker one"],
  question: ['how do I export', 'is it possible to pause', 'I want to know', 'can I change it'],
  question_mark: ['two users on one licence?'],
  way_round: ['there is a workaround', 'I can still use the old one', 'it works with the other cable'],
  nothing_lost: ['nothing is lost', 'no harm done', 'the sum is correct', 'nobody was hurt'],
  no_rush: ['no rush', 'not urgent', 'whenever you can', 'take your time', 'when you have time'],
  far_off: ['next year', 'in the autumn', 'next semester'],
  small_matter: ['a small thing', 'there is a typo', 'about two euros', 'the colour of the icon'],
};

describe('finding signals', () => {
  it('has an example for every signal', () => {
    expect(Object.keys(EXAMPLES)).toEqual(SIGNALS.map(({ name }) => name));
  });

  it.each(Object.entries(EXAMPLES).flatMap(([name, texts]) => texts.map((text) => [name, text])))(
    '%s: "%s"',
    (name, text) => {
      expect(namesIn(text)).toContain(name);
    },
  );

  it('finds nothing alarming in everyday sentences', () => {
    const calm = [
      'The firewall manual is on page nine',
      'Our late aunt signed the lease',
      'I use the download page',
      'Fine, see you soon',
    ];
    for (const text of calm) {
      expect(
        findSignals(text).matches.filter(({ signal }) => ['harm', 'work_stopped', 'exposure'].includes(signal.rubric)),
      ).toEqual([]);
    }
  });

  it('reads curly quotes, capitals and line breaks like plain text', () => {
    expect(namesIn('I CAN’T\n   LOG IN')).toContain('work_blocked');
  });

  it('names the words that matched, at most 80 characters of them', () => {
    const [first] = findSignals('Nobody can pay since noon').matches;
    expect(first?.match).toBe('nobody can pay');
    const long = findSignals(`charged ${'abcdefghijkl '.repeat(4)}every minute`).matches;
    for (const { match } of long) expect(match.length).toBeLessThanOrEqual(80);
  });
});

describe('what is cancelled', () => {
  it.each([
    ['harm_danger', 'It was not dangerous'],
    ['harm_danger', 'Nobody was hurt'],
    ['exposure_misuse', 'The account was never hacked'],
    ['exposure_leak', 'There was no data leak'],
    ['work_not_working', "The page isn't down any more"],
    ['work_outage', 'The site is no longer down'],
    ['tone_pressing', 'This is not urgent'],
    ['tone_pressing', 'nothing urgent'],
    ['solved', 'This is not solved'],
    ['solved', 'Tell me when it is fixed'],
    ['solved', 'You said it was resolved'],
    ['solved', 'until it is settled'],
    ['way_round', 'there is no workaround'],
  ])('%s is not in "%s"', (name, text) => {
    expect(namesIn(text)).not.toContain(name);
  });

  it.each([
    ['work_blocked', "I can't log in"],
    ['harm_data', 'It does not open, and the records were deleted'],
    ['harm_danger', 'No, it is on fire'],
    ['harm_danger', 'It is not only dangerous, it stinks'],
    ['exposure_misuse', 'Nobody answers. My account was hacked'],
    ['deadline_today', 'I have not been paid today'],
    ['repeat_unanswered', 'no answer'],
    ['solved', 'it is fixed, no need to call'],
  ])('%s is in "%s"', (name, text) => {
    expect(namesIn(text)).toContain(name);
  });
});

describe('the number of a signal', () => {
  it('is 0 where the signal is absent', () => {
    expect(numberOf('harm_danger', 'good morning')).toBe(0);
  });

  it('grows with every place, each adding half of the one before, up to four', () => {
    const padding = ' word'.repeat(290);
    const once = numberOf('harm_danger', `smoke${padding} end of it all now then`);
    const twice = numberOf('harm_danger', `smoke flames${padding} of it all now then`);
    const often = numberOf('harm_danger', `smoke flames injury oxygen insulin ambulance${padding}`);
    expect(twice).toBeCloseTo(once * 1.5, 1);
    expect(often).toBeCloseTo(once * 1.875, 1);
  });

  it('counts a run of question marks once', () => {
    expect(numberOf('question_mark', 'what???????')).toBe(numberOf('question_mark', 'what?'));
  });

  it('weighs more in few words than in many', () => {
    expect(numberOf('work_outage', 'server down')).toBeGreaterThan(
      numberOf('work_outage', `server down ${'and so on '.repeat(20)}`),
    );
  });

  it('is what the places add up to', () => {
    const { vector, matches } = findSignals(
      'We lost 12,000 orders, we lost money, nobody can pay, and no reply since Monday!',
    );
    SIGNALS.forEach((signal, index) => {
      const sum = matches.filter((match) => match.signal === signal).reduce((total, { share }) => total + share, 0);
      expect(vector[index]).toBeCloseTo(sum, 12);
    });
    expect(matches.length).toBeGreaterThan(5);
  });

  it('names only words of the text, for any text', () => {
    const pieces = fc.constantFrom(
      'we ',
      'lost ',
      'all data ',
      'nobody ',
      'can pay',
      '12,000 ',
      'people',
      '? ',
      'FIRE',
      ' today',
      '\ud800',
      'é',
      '’',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          const clean = normalise(text);
          for (const { match, share } of findSignals(text).matches) {
            expect(clean).toContain(match);
            expect(share).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
