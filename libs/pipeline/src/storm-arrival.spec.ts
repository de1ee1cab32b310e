import type { RunReport, StormArrival, Vectoriser } from '@smart-support/contracts';
import { createWordVectoriser } from '@smart-support/classifier';
import { stormArrival } from './storm-arrival';

const words: Vectoriser = createWordVectoriser();
const embedding: StormArrival['embedding'] = { model: 'a-model', vector: Float32Array.of(1, 0) };

const calm = { severe_signal: null, isAlwaysRouted: false, isVouched: true, source: null, isAutomated: false };

/** What storms know of a person's ticket of which the model read so many tokens. */
function person(text: string, run: Partial<RunReport> = {}, failure = 0.123_4): StormArrival {
  const timings = { queue_ms: 0, tokenise_ms: 0, inference_ms: 0 };
  const embedded = { tokens: 12, unknown_tokens: 0, truncated: false, cached: false, timings, ...run };
  return stormArrival(text, { embedding, embedded, failure }, { isMachine: false, ...calm, words });
}

const machine = (text: string): StormArrival =>
  stormArrival(text, { embedding, embedded: null, failure: 0 }, { isMachine: true, ...calm, words });

describe('what storms know of a person’s ticket', () => {
  it('is its embedding, its words, what it names and whether it reports a failure', () => {
    expect(person('Where is order 4100?')).toMatchObject({ embedding, failure: 0.12, isMachine: false, keptOut: null });
    expect(person('Where is order 4100?').identifiers).not.toBe(person('Where is order 4113?').identifiers);
  });

  it('takes part in similarity unless the model could not read it, or it has no content', () => {
    expect(person('Server down', { tokens: 4 }).keptOut).toBeNull();
    expect(person('😀', { tokens: 3, unknown_tokens: 1 }).keptOut).toBe('unknown_words');
    expect(person('ok สวัสดีครับ', { tokens: 4, unknown_tokens: 1 }).keptOut).toBe('unknown_words');
    expect(person('เว็บไซต์ของคุณใช้งานไม่ได้\nSent from my phone', { tokens: 7, unknown_tokens: 1 }).keptOut).toBe(
      'unknown_words',
    );
    expect(
      person('มีส่วนลด\n--\nSiam Trading Company, Sukhumvit Road, Bangkok', { tokens: 14, unknown_tokens: 1 }).keptOut,
    ).toBe('unknown_words');
    // A word that is too long is one unknown token, and its padding two known ones.
    expect(person(`${'QUJD'.repeat(40)}==`, { tokens: 5, unknown_tokens: 1 }).keptOut).toBe('unknown_words');
    expect(person('Der Server läuft nicht ☃', { tokens: 14, unknown_tokens: 1 }).keptOut).toBeNull();
    expect(person('a long mail', { tokens: 256, truncated: true }).keptOut).toBe('truncated');
    expect(person('Hi', { tokens: 3 }).keptOut).toBe('nothing_said');
  });

  it.each([false, true])('says what is severe and who sent it, also of a program: %s', (isMachine) => {
    const severe = { severe_signal: 'harm_danger', isAlwaysRouted: true, isVouched: false, source: 'key shop' };
    const answers = { embedding, embedded: null, failure: 0 };
    const context = { isMachine, isAutomated: false, ...severe, words };
    expect(stormArrival('Gas alarm', answers, context)).toMatchObject(severe);
  });

  it('takes no part in similarity where a machine answered a mail', () => {
    const answers = { embedding, embedded: null, failure: 0 };
    const context = { isMachine: false, ...calm, isAutomated: true, words };
    expect(stormArrival('I am out of the office. The server is down.', answers, context).keptOut).toBe('automated');
  });

  it('is judged by its words alone where no model read it', () => {
    const arrival = stormArrival(
      'thanks',
      { embedding: null, embedded: null, failure: 0 },
      { isMachine: false, ...calm, words },
    );
    expect(arrival).toMatchObject({ embedding: null, keptOut: 'nothing_said' });
  });
});

describe('what storms know of a program’s ticket', () => {
  it('is the same for the same trouble on another host', () => {
    const one = machine('disk usage on web07 is 93 %');
    expect(machine('disk usage on web12 is 97 %')).toEqual(one);
    expect(one).toMatchObject({ embedding: null, failure: 1, identifiers: '', isMachine: true, keptOut: null });
    expect(one.words.indices.length).toBeGreaterThan(0);
  });

  it('takes no part once it says that all is well again', () => {
    expect(machine('RESOLVED: disk usage on web07').keptOut).toBe('recovery');
  });
});
