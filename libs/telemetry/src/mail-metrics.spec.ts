import { MAIL_OUTCOMES, type MailOutcome } from './mail-metrics';
import { createMetrics } from './metrics';

async function counts(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, string>> {
  const { body } = await metrics.render();
  const lines = body.matchAll(/^smart_support_mails_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, outcome = '', count = '']) => [outcome, count]));
}

it('mails are counted by what became of them, every known outcome from 0 on', async () => {
  const metrics = createMetrics({ version: '1' });
  expect(await counts(metrics)).toEqual(Object.fromEntries(MAIL_OUTCOMES.map((outcome) => [outcome, '0'])));
  for (const outcome of ['ticket', 'note', 'ticket', 'eaten' as MailOutcome] as const) metrics.mails.countMail(outcome);
  expect(await counts(metrics)).toEqual({ ticket: '2', note: '1', automatic: '0', refused: '0', other: '1' });
});
