import { type Logger, createLogger, createMetrics } from '@smart-support/telemetry';
import { aTicket } from '@smart-support/testing';
import { SmartSupportError } from '@smart-support/contracts';
import { observeModels } from './observe-models';
import { observeTickets } from './observe-tickets';
import { observeWebhooks } from './observe-webhooks';

let lines: { level: string; msg: string; [field: string]: unknown }[];
let logger: Logger;
let metrics: ReturnType<typeof createMetrics>;
beforeEach(() => {
  lines = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  logger = createLogger({ level: 'info', name: 'spec', destination: { write } });
  metrics = createMetrics({ version: '1' });
});

const shows = async (sample: string): Promise<boolean> => (await metrics.render()).body.includes(`\n${sample}\n`);

describe('logs and metrics of tickets', () => {
  it('counts every status, and keeps quiet about it at level info', async () => {
    const { id } = aTicket();
    observeTickets(logger, metrics).status({
      id,
      category: 'Legal',
      urgency_score: 0.4,
      status: 'assigned',
      assigned_agent: 'ada',
    });
    expect(await shows('smart_support_tickets_total{category="Legal",status="assigned"} 1')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('counts why people should look at a category, from 0 on, without a line', async () => {
    expect(await shows('smart_support_reviews_total{reason="too_short"} 0')).toBe(true);
    observeTickets(logger, metrics).review('too_short');
    expect(await shows('smart_support_reviews_total{reason="too_short"} 1')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('counts by which rule a ticket is kept out of storms, from 0 on, without a line', async () => {
    expect(await shows('smart_support_storm_exclusions_total{rule="reference_rate"} 0')).toBe(true);
    observeTickets(logger, metrics).stormExclusion('reference_rate');
    expect(await shows('smart_support_storm_exclusions_total{rule="reference_rate"} 1')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('a dead letter is an error, whatever it died of', () => {
    const change = { id: 'spoilt', category: null, urgency_score: null, assigned_agent: null };
    observeTickets(logger, metrics).status({ ...change, status: 'dead' });
    expect(lines).toMatchObject([{ level: 'error', ticket_id: 'spoilt' }]);
  });

  it('an alert is a warning with the id and without a word of the text', async () => {
    const ticket = aTicket({ text: 'our safe is open', category: 'Technical', urgency_score: 0.95 });
    observeTickets(logger, metrics).alert({
      ticket,
      explanation: { ticket_id: ticket.id } as never,
      channel: null,
      metadata: null,
      history: [],
      source: null,
    });
    expect(lines).toMatchObject([{ level: 'warn', msg: 'ticket.urgent', ticket_id: ticket.id, urgency_score: 0.95 }]);
    expect(JSON.stringify(lines)).not.toContain('safe');
    expect(await shows('smart_support_alerts_total 1')).toBe(true);
  });

  it('stages are timed in seconds', async () => {
    observeTickets(logger, metrics).stage('embed', 20);
    expect(await shows('smart_support_stage_duration_seconds_sum{stage="embed"} 0.02')).toBe(true);
  });

  it('a fallback is counted; only one for a failure is worth a line: the others come by the thousand', async () => {
    const observer = observeTickets(logger, metrics);
    observer.fallback('a-model', 'breaker_open', undefined);
    expect(lines).toEqual([]);
    observer.fallback('a-model', 'failed', new Error('no'));
    expect(lines).toMatchObject([{ level: 'error', model: 'a-model' }]);
    expect(await shows('smart_support_fallbacks_total{model="a-model",reason="breaker_open"} 1')).toBe(true);
  });

  it('a ticket that failed and a dead letter that was lost are errors', () => {
    const observer = observeTickets(logger, metrics);
    observer.failed('T-1', new Error('no'), 'dead');
    observer.deadLetterLost('T-2');
    expect(lines).toMatchObject([
      { level: 'error', ticket_id: 'T-1', outcome: 'dead' },
      { level: 'error', ticket_id: 'T-2' },
    ]);
  });
});

describe('logs and metrics of models', () => {
  it('a run is timed by model and verdict, without a line', async () => {
    const event = { type: 'judged', name: 'a-model', verdict: 'fast', latencyMs: 30 } as never;
    observeModels(logger, metrics).onBreakerEvent(event);
    expect(await shows('smart_support_model_runs_judged_total{model="a-model",verdict="fast"} 1')).toBe(true);
    expect(await shows('smart_support_model_run_duration_seconds_sum{model="a-model"} 0.03')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('a breaker that opens and closes is a warning each, with what opened it', async () => {
    const { onBreakerEvent } = observeModels(logger, metrics);
    onBreakerEvent({ type: 'opened', name: 'a-model', why: { limit_ms: 500 }, slowInARow: 3 } as never);
    onBreakerEvent({ type: 'closed', name: 'a-model', openForMs: 7000 } as never);
    expect(lines).toMatchObject([
      { level: 'warn', model: 'a-model', limit_ms: 500, slow_in_a_row: 3 },
      { level: 'warn', model: 'a-model', open_ms: 7000 },
    ]);
    expect(await shows('smart_support_breaker_changes_total{model="a-model",to="opened"} 1')).toBe(true);
  });

  it('threads that are lost or do not start are errors, a new one in their place is not', () => {
    const { onThreadEvent } = observeModels(logger, metrics);
    onThreadEvent('a-model', { type: 'thread_lost', reason: 'hung' });
    onThreadEvent('a-model', { type: 'thread_failed_to_start', error: new Error('no memory') });
    onThreadEvent('a-model', { type: 'thread_replaced' });
    expect(lines.map(({ level }) => level)).toEqual(['error', 'error', 'warn']);
  });
});

describe('logs and metrics of webhooks', () => {
  const event = { id: 'ticket.urgent:T-1', createdAt: '2030-01-01T00:00:00.000Z' };
  const attempt = { ...event, attempt: 2, tookMs: 12 };
  const failure = { outcome: 'failed', reason: 'status', message: 'The receiver answered 500.' } as const;

  it('a delivery is counted and not worth a line', async () => {
    observeWebhooks(logger, metrics).delivered(attempt);
    expect(await shows('smart_support_webhooks_total{outcome="delivered"} 1')).toBe(true);
    expect(lines).toEqual([]);
  });

  it('a try in vain says when the next one comes, and the last one that there is none', async () => {
    const observer = observeWebhooks(logger, metrics);
    observer.retryScheduled(attempt, failure, 5000);
    observer.givenUp({ ...attempt, attempt: 8 }, failure);
    expect(lines).toMatchObject([
      { level: 'warn', event_id: event.id, attempt: 2, reason: 'status', retry_in_ms: 5000 },
      { level: 'error', event_id: event.id, attempt: 8 },
    ]);
    expect(await shows('smart_support_webhooks_total{outcome="put_off"} 1')).toBe(true);
    expect(await shows('smart_support_webhooks_total{outcome="given_up"} 1')).toBe(true);
  });

  it('a receiver that wants no more is an error, and what it missed is on record', async () => {
    const observer = observeWebhooks(logger, metrics);
    observer.endpointGone(attempt);
    observer.recordedOnly(event);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
    expect(await shows('smart_support_webhooks_total{outcome="recorded_only"} 1')).toBe(true);
  });

  it('an unavailable outbox is reported elsewhere; its other errors here', () => {
    const observer = observeWebhooks(logger, metrics);
    for (const code of ['unavailable', 'outcome_unknown', 'closed'] as const)
      observer.error(new SmartSupportError(code, 'no'));
    expect(lines).toEqual([]);
    observer.error(new SmartSupportError('corrupt', 'not ours'));
    expect(lines).toMatchObject([{ level: 'error', err: { code: 'corrupt' } }]);
  });
});
