import { verdictWithDoubts, withDoubts } from './doubts';
import { StormLog, embedding, words } from '../spec-support/storm-log';

/** A cosine of 0.906. */
const JUST_SIMILAR = { embedding: embedding(25) };
/** Cosines of some 0.85 and 0.99 to one word. */
const FAR_WORDS = { embedding: null, words: words([1, 1], [2, 0.62]) };
const NEAR_WORDS = { embedding: null, words: words([1, 1], [2, 0.1]) };

function aStorm(founder: Parameters<StormLog['arrive']>[0] = {}): StormLog {
  const log = new StormLog();
  log.arriveTimes(11, founder);
  expect(log.ids('open')).toHaveLength(1);
  return log;
}

function doubtsOf(log: StormLog, ticket: Parameters<StormLog['arrive']>[0]): readonly string[] {
  const { incident } = log.arrive({ ...ticket, ticket_id: 'newcomer' });
  expect(incident).not.toBeNull();
  return verdictWithDoubts(log.detector, 'newcomer').incident?.doubts ?? [];
}

describe('a doubt about a member', () => {
  it.each([
    [0, []],
    [22, []],
    [24, ['low_similarity']],
    [25, ['low_similarity']],
  ])('is a similarity in the lowest fifth above the threshold: %d degrees', (degrees, expected) => {
    expect(doubtsOf(aStorm(), { embedding: embedding(degrees) })).toEqual(expected);
  });

  it('is such a similarity of words, by their own threshold, where there is no embedding on one side', () => {
    const one = { words: words([1, 1]) };
    for (const founder of [{ ...one, embedding: null }, one]) {
      // By the threshold of embeddings, 0.85 would be no similarity and 0.93 a low one.
      expect(doubtsOf(aStorm(founder), FAR_WORDS)).toEqual([]);
      expect(doubtsOf(aStorm(founder), { ...FAR_WORDS, words: words([1, 1], [2, 0.7]) })).toEqual(['low_similarity']);
      expect(doubtsOf(aStorm(founder), NEAR_WORDS)).toEqual([]);
    }
    expect(doubtsOf(aStorm({ ...one, embedding: null }), { ...JUST_SIMILAR, words: words([1, 1]) })).toEqual([]);
  });

  it('is such a similarity of alarms, which are compared more strictly', () => {
    const alarm = { embedding: null, is_machine: true, words: words([1, 1]) };
    // A cosine of 0.89, above 0.88.
    expect(doubtsOf(aStorm(alarm), { ...alarm, words: words([1, 1], [2, 0.51]) })).toEqual(['low_similarity']);
    expect(doubtsOf(aStorm(alarm), { ...alarm, words: words([1, 1], [2, 0.1]) })).toEqual([]);
  });

  it('uses the own threshold of a suspected incident', () => {
    const log = new StormLog();
    const tickets = log.arriveTimes(3).map((_, index) => `T${index + 1}`);
    log.append({ kind: 'suspected', incident_id: 'burst', ticket_ids: tickets, similarity: 0.5 });
    log.append({ kind: 'confirmed', incident_id: 'burst' });
    // Cosines of 0.57 and 0.64; a fifth of the way from 0.5 to 1 is 0.6.
    expect(doubtsOf(log, { embedding: embedding(55) })).toEqual(['low_similarity']);
    expect(verdictWithDoubts(log.detector, 'newcomer').incident?.id).toBe('burst');
    log.arrive({ ticket_id: 'nearer', embedding: embedding(50) });
    expect(verdictWithDoubts(log.detector, 'nearer').incident?.doubts).toBeUndefined();
  });

  it('is a severe signal, also where the founders have the same, whether the member is routed for it or not', () => {
    const severe = { severe_signal: 'exposure_lawyer' };
    for (const log of [aStorm(), aStorm(severe)]) expect(doubtsOf(log, severe)).toEqual(['severe_signal']);
    expect(doubtsOf(aStorm(), { ...severe, ...JUST_SIMILAR })).toEqual(['low_similarity', 'severe_signal']);
  });

  it('applies to founders, and to tickets that an operator named', () => {
    const log = new StormLog();
    log.arriveTimes(9);
    log.arrive({ ticket_id: 'severe', severe_signal: 'exposure_lawyer' });
    const opening = log.append({
      ...{ kind: 'arrived', ticket_id: 'opens', received_ms: log.nowMs, requester: null, embedding: embedding() },
      ...{ words: words(), severe_signal: null, failure: 1, identifiers: '', is_machine: false },
    });
    const joined = opening.changes.flatMap((change) => withDoubts(change, log.detector).joined);
    expect(joined.flatMap(({ ticket_id, doubts }) => (doubts ? [[ticket_id, doubts]] : []))).toEqual([
      ['severe', ['severe_signal']],
    ]);
    expect(joined).toHaveLength(11);
  });

  it('does not apply to a ticket that is no member', () => {
    const log = aStorm();
    log.arrive({ ticket_id: 'alone', embedding: embedding(0, 1), severe_signal: 'exposure_lawyer' });
    expect(verdictWithDoubts(log.detector, 'alone')).toEqual(log.detector.verdictOf('alone'));
  });
});
