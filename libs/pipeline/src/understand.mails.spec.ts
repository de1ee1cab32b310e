import { aTicket } from '@smart-support/testing';
import { explain } from './explain';
import type { TicketModels } from './models';
import { DEADLINE_MS, testModels } from './spec-support/test-models';
import { understand } from './understand';

describe('a mail', () => {
  const answerTo = async (
    record: Partial<Parameters<typeof understand>[0]>,
    isMachine = false,
    languageOf?: (text: string) => string | null,
  ): Promise<Awaited<ReturnType<typeof understand>>> => {
    const { baseline, clock } = testModels();
    const models: TicketModels = { baseline, transformer: null };
    const deps = { models, clock, observer: {}, alertThreshold: 0.8, novelSignals: [], alwaysRoutedSignals: [] };
    return understand(
      { ticket: aTicket(), channel: null, metadata: null, source: null, ...record },
      { ...deps, isMachine: () => isMachine, isVouched: () => true, ...(languageOf && { languageOf }) },
    );
  };

  it('that a machine sent in answer is marked, and belongs to no storm', async () => {
    const away = aTicket({ subject: 'Automatic reply: Your ticket', text: 'I will be back in May. The till is down.' });
    const { decision, arrival } = await answerTo({ ticket: away });
    expect([decision.automated, arrival.keptOut]).toEqual([true, 'automated']);
    const byHeader = await answerTo({ metadata: { 'auto-submitted': 'auto-replied' } });
    expect([byHeader.decision.automated, byHeader.arrival.keptOut]).toEqual([true, 'automated']);
  });

  it('of a person is not, nor is an alarm, whatever its header says', async () => {
    const { decision, arrival } = await answerTo({});
    expect([decision.automated, arrival.keptOut]).toEqual([false, null]);
    const alarm = await answerTo({ metadata: { 'Return-Path': '<>' } }, true);
    expect([alarm.decision.automated, alarm.arrival.keptOut]).toEqual([false, null]);
  });

  it('is to be looked at where it is in a language that the models do not know', async () => {
    const inLanguage = async (language: string | null, text = 'Die Kasse druckt nicht.') => {
      const { decision } = await answerTo({ ticket: aTicket({ text }) }, false, () => language);
      return [decision.language, ...decision.review_reasons];
    };
    expect(await inLanguage('de')).toEqual(['de', 'language']);
    expect(await inLanguage('en')).toEqual(['en']);
    expect(await inLanguage(null)).toEqual([null]);
    expect(await inLanguage(null, 'ไม่ทำงาน')).toEqual([null, 'language']);
  });

  it('has the urgency that the baseline gives it where the head does not know its language', async () => {
    const urgencyIn = async (language: string) => {
      const { baseline, heads, guarded, embedder, clock } = testModels();
      const models = { baseline, transformer: { ...heads, embedder: guarded(embedder) } };
      const deps = { models, clock, observer: {}, alertThreshold: 0.8, novelSignals: [], alwaysRoutedSignals: [] };
      const answer = understand(
        { ticket: aTicket({ text: 'Die Kasse druckt nicht.' }), channel: null, metadata: null, source: null },
        { ...deps, isMachine: () => false, isVouched: () => true, languageOf: () => language },
      );
      await clock.run(DEADLINE_MS + 1);
      return (await answer).decision.explanation.urgency?.model.name;
    };
    expect(await urgencyIn('de')).toBe('patterns');
    expect(await urgencyIn('en')).toBe('urgency-head');
  });

  it('has the language of its text, and that of its subject where the text is too short', async () => {
    const read: string[] = [];
    const ticket = aTicket({ subject: 'Your ticket', text: 'Nein' });
    const { decision } = await answerTo({ ticket }, false, (text) => (read.push(text), text === 'Nein' ? null : 'en'));
    expect([decision.language, ...read]).toEqual(['en', 'Nein', 'Your ticket\nNein']);
  });

  it('is explained by what was read of it, where that is not all', async () => {
    const { baseline } = testModels();
    const models: TicketModels = { baseline, transformer: null };
    const readOf = async (ticket: ReturnType<typeof aTicket>): Promise<string | null> =>
      (await explain({ ...(await recordOf(ticket)) }, models)).read;
    const recordOf = async (ticket: ReturnType<typeof aTicket>) => {
      const { explanation } = (await answerTo({ ticket })).decision;
      const lane = { name: 'normal', urgency_score: 0 } as const;
      const kept = { ...explanation, ticket_id: ticket.id, lane, assignment: null, corrections: null };
      return { ticket, explanation: kept, channel: null, metadata: null, source: null };
    };
    expect(await readOf(aTicket({ subject: 'Till', text: ' It is  down.\r\n' }))).toBeNull();
    expect(await readOf(aTicket({ subject: 'Till', text: '<p>It is down.</p><p>-- <br>Mara</p>' }))).toBe(
      'Till\nIt is down.',
    );
    expect((await readOf(aTicket({ text: 'It is down. '.repeat(900) })))?.length).toBe(2_000);
  });
});
