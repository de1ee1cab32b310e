import fc from 'fast-check';
import { createUrgencyBaseline } from './urgency-baseline';
import { URGENCY_WEIGHTS } from './weights';

const baseline = createUrgencyBaseline();
const scoreOf = (text: string): number => baseline.score({ text }).urgency_score;

/** Words that move scores, signs that break them up, and any character at all. */
const TICKETS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'we',
          'lost',
          'no',
          'not',
          'still',
          'until',
          'fire',
          'today',
          'thanks',
          'fixed',
          'whenever',
          'you',
          'can',
          'all',
          '40',
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 30 },
    )
    .map((words) => words.join(' ')),
);

describe('the urgency baseline', () => {
  it('says who it is', () => {
    expect(baseline.model).toEqual({ family: 'baseline', name: 'urgency-rubric', version: URGENCY_WEIGHTS.version });
    expect(baseline.score({ text: 'x' }).model).toBe(baseline.model);
  });

  it('puts tickets in the order of the rubric', () => {
    const inOrder = [
      'Thanks, it works again, please close the ticket.',
      'Just a remark: the logo on your page looks a bit pale. No answer needed, perhaps one day.',
      'How do I change the language of the app? No rush.',
      'The invoice shows a wrong street. Could you correct it?',
      'I am locked out of my account and need to hand in my work on Friday.',
      'Our shop cannot take payments since this morning, customers are leaving, we need it fixed today.',
      'Gas leak alarm in the hospital is down for all 300 patients right now, people are in danger.',
    ].map(scoreOf);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(inOrder[0]).toBeLessThan(0.15);
    expect(inOrder.at(-1)).toBeGreaterThan(0.9);
  });

  it('is not impressed by capitals and exclamation marks', () => {
    expect(scoreOf('THE COLOUR OF THE BUTTON IS UGLY!!!!!')).toBe(scoreOf('the colour of the button is ugly'));
    expect(
      scoreOf('URGENT!!! the colour of the button is ugly') - scoreOf('the colour of the button is ugly'),
    ).toBeLessThan(0.1);
  });

  it('keeps the score of a severe matter that is described calmly', () => {
    const calm =
      'Good morning. By the way, the smoke alarm you sold us was hissing this morning and a nurse burned her hand.';
    expect(scoreOf(calm)).toBeGreaterThan(0.75);
  });

  it('goes down when harm is denied or the matter is solved', () => {
    expect(scoreOf('Somebody was hurt')).toBeGreaterThan(scoreOf('Nobody was hurt'));
    expect(scoreOf('The server is down')).toBeGreaterThan(scoreOf('The server was down, it is fixed now'));
    expect(scoreOf('It is not fixed')).toBeGreaterThan(scoreOf('It is fixed'));
  });

  it('reports hits that explain the score, strongest first', () => {
    const { urgency_score, hits } = baseline.score({ text: 'We lost all data today, thanks. How do I restore it?' });
    const logit = hits.reduce((sum, { weight }) => sum + weight, URGENCY_WEIGHTS.bias);
    expect(urgency_score).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
    const strengths = hits.map(({ weight }) => Math.abs(weight));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(hits).toContainEqual(expect.objectContaining({ signal: 'deadline_today', match: 'today' }));
    expect(hits.find(({ signal }) => signal === 'thanks')?.weight).toBeLessThan(0);
  });

  it.each([
    ['nothing at all', ''],
    ['blanks', ' \n\t '],
    ['signs', '?!... --'],
    ['emoji', '🔥🔥😀'],
    ['half an emoji', '\ud83d'],
  ])('takes %s for a ticket that asks nothing', (_, text) => {
    expect(baseline.score({ text })).toEqual({ urgency_score: 0.05, hits: [], model: baseline.model });
  });

  it('gives a text in another script the score of a text without signals', () => {
    const none = 1 / (1 + Math.exp(-URGENCY_WEIGHTS.bias));
    expect(scoreOf('Сервер не отвечает')).toBe(none);
    expect(scoreOf('サーバー')).toBe(none);
    expect(scoreOf('lorem ipsum')).toBe(none);
  });

  it('gives any text a score in [0, 1] and hits of at most 80 characters', () => {
    fc.assert(
      fc.property(TICKETS, (text) => {
        const { urgency_score, hits } = baseline.score({ text });
        expect(urgency_score).toBeGreaterThanOrEqual(0);
        expect(urgency_score).toBeLessThanOrEqual(1);
        for (const { match, weight } of hits) {
          expect(match.length).toBeLessThanOrEqual(80);
          expect(Number.isFinite(weight)).toBe(true);
        }
      }),
    );
  });

  it('never goes up when "no rush, whenever you can" is added', () => {
    fc.assert(
      fc.property(TICKETS, (text) => {
        // A ticket without a word asks nothing and has the lowest score of all; with those words it asks for something.
        fc.pre(/[\p{L}\p{N}]/u.test(text.normalize('NFKC')));
        expect(scoreOf(`${text}. No rush, whenever you can.`)).toBeLessThanOrEqual(scoreOf(`${text}.`) + 1e-12);
      }),
      { numRuns: 500 },
    );
  });
});
