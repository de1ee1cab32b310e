import {
  CATEGORIES,
  type Category,
  type QueueReport,
  TICKET_STATUSES,
  type TicketStatus,
} from '@smart-support/contracts';
import { register as globalRegistry } from 'prom-client';
import { createMetrics, type Metrics } from './metrics';

const REPORT: QueueReport = {
  lanes: { urgent: 2, normal: 30 },
  oldest_age_ms: 1500,
  in_progress: 4,
  waiting: { Billing: 5, Technical: 0, Legal: 1 },
  dead: 6,
  outbox: 7,
};

/** The samples of one metric as `{labels} value`, in the order of the page. */
async function samples(metrics: Metrics, name: string): Promise<string[]> {
  const { body } = await metrics.render();
  return body
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());
}

const create = () => createMetrics({ version: '1.2.3' });
const REQUEST = { route: '/tickets/:id', method: 'GET', status: 200, seconds: 0.003 };

describe('the metrics page', () => {
  it("is Prometheus' text with the version and the default metrics of a process", async () => {
    const metrics = create();
    const { contentType, body } = await metrics.render();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('smart_support_build_info{version="1.2.3"} 1');
    expect(body).toContain('process_resident_memory_bytes ');
    expect(body.endsWith('\n')).toBe(true);
  });

  it('belongs to one process part: two sets of metrics do not meet, and the global registry stays empty', async () => {
    const [first, second] = [create(), create()];
    first.countAlert();
    expect(await samples(first, 'smart_support_alerts_total')).toEqual(['1']);
    expect(await samples(second, 'smart_support_alerts_total')).toEqual(['0']);
    expect(globalRegistry.getMetricsAsArray()).toEqual([]);
  });
});

describe('requests', () => {
  it('are counted and timed by route, method and status', async () => {
    const metrics = create();
    metrics.observeRequest(REQUEST);
    metrics.observeRequest(REQUEST);
    metrics.observeRequest({ ...REQUEST, status: 404 });
    expect(await samples(metrics, 'smart_support_http_requests_total')).toEqual([
      '{route="/tickets/:id",method="GET",status="200"} 2',
      '{route="/tickets/:id",method="GET",status="404"} 1',
    ]);
    const ok = '{route="/tickets/:id",method="GET",status="200"}';
    expect(await samples(metrics, 'smart_support_http_request_duration_seconds_sum')).toContain(`${ok} 0.006`);
    expect(await samples(metrics, 'smart_support_http_request_duration_seconds_count')).toContain(`${ok} 2`);
  });

  it('of strangers cannot make more series: odd methods, statuses and paths share one label', async () => {
    const metrics = create();
    for (let i = 0; i < 1000; i += 1) {
      metrics.observeRequest({ route: `/tickets/${i}`, method: `BREW${i}`, status: 1000 + i, seconds: 0.001 });
    }
    metrics.observeRequest({ route: 'x'.repeat(10_000), method: '__proto__', status: 0.5, seconds: NaN });
    metrics.observeRequest({ route: undefined, method: 'GET', status: 404, seconds: -1 });
    const series = await samples(metrics, 'smart_support_http_requests_total');
    expect(series).toHaveLength(102);
    expect(series).toContain('{route="other",method="other",status="other"} 901');
    expect(series).toContain('{route="other",method="GET",status="404"} 1');
  });

  it('that no route took are counted together', async () => {
    const metrics = create();
    metrics.observeRequest({ ...REQUEST, route: undefined });
    expect(await samples(metrics, 'smart_support_http_requests_total')).toEqual([
      '{route="unmatched",method="GET",status="200"} 1',
    ]);
  });
});

describe('stages', () => {
  it('are timed from ten microseconds to five seconds', async () => {
    const metrics = create();
    metrics.observeStage('classify', 0.00001);
    metrics.observeStage('classify', 4);
    metrics.observeStage('classify', 60);
    const buckets = await samples(metrics, 'smart_support_stage_duration_seconds_bucket');
    expect(buckets[0]).toBe('{le="0.00001",stage="classify"} 1');
    expect(buckets.slice(-3)).toEqual([
      '{le="2.5",stage="classify"} 1',
      '{le="5",stage="classify"} 2',
      '{le="+Inf",stage="classify"} 3',
    ]);
  });

  it('are left out when their duration is no duration', async () => {
    const metrics = create();
    for (const seconds of [NaN, Infinity, -0.1]) metrics.observeStage('classify', seconds);
    expect(await samples(metrics, 'smart_support_stage_duration_seconds_count')).toEqual([]);
  });
});

describe('tickets', () => {
  it('are counted by category and status, and every pair is there from the start', async () => {
    const metrics = create();
    expect(await samples(metrics, 'smart_support_tickets_total')).toHaveLength(
      (CATEGORIES.length + 1) * TICKET_STATUSES.length,
    );
    metrics.countTicket(null, 'queued');
    metrics.countTicket('Legal', 'assigned');
    metrics.countTicket('Legal', 'assigned');
    const counted = (await samples(metrics, 'smart_support_tickets_total')).filter((line) => !line.endsWith(' 0'));
    expect(counted.sort()).toEqual(['{category="Legal",status="assigned"} 2', '{category="none",status="queued"} 1']);
  });

  it('of kinds that do not exist share one label', async () => {
    const metrics = create();
    for (const odd of ['constructor', 'a', 'b']) metrics.countTicket(odd as Category, odd as TicketStatus);
    expect(await samples(metrics, 'smart_support_tickets_total')).toContain('{category="other",status="other"} 3');
  });
});

describe('the queue', () => {
  it('is absent before its source is watched', async () => {
    expect((await create().render()).body).not.toContain('smart_support_queue');
  });

  it('is asked once for every page', async () => {
    const metrics = create();
    let report = REPORT;
    let asked = 0;
    metrics.watchQueue(async () => {
      asked += 1;
      return report;
    });
    expect(await samples(metrics, 'smart_support_queue_depth')).toEqual(['{lane="urgent"} 2', '{lane="normal"} 30']);
    expect(asked).toBe(1);
    report = { ...REPORT, lanes: { urgent: 0, normal: 1 } };
    expect(await samples(metrics, 'smart_support_queue_depth')).toEqual(['{lane="urgent"} 0', '{lane="normal"} 1']);
  });

  it('shows tickets by status, dead letters, the outbox and the age of the oldest entry', async () => {
    const metrics = create();
    metrics.watchQueue(async () => REPORT);
    expect(await samples(metrics, 'smart_support_waiting_tickets')).toEqual([
      '{category="Billing"} 5',
      '{category="Technical"} 0',
      '{category="Legal"} 1',
    ]);
    expect(await samples(metrics, 'smart_support_tickets_in_progress')).toEqual(['4']);
    expect(await samples(metrics, 'smart_support_dead_letters')).toEqual(['6']);
    expect(await samples(metrics, 'smart_support_outbox_events')).toEqual(['7']);
    expect(await samples(metrics, 'smart_support_queue_oldest_age_seconds')).toEqual(['1.5']);
    metrics.watchQueue(async () => ({ ...REPORT, oldest_age_ms: null }));
    expect(await samples(metrics, 'smart_support_queue_oldest_age_seconds')).toEqual(['0']);
  });

  it('that cannot be read is shown as down, without old numbers, and the rest of the page stays', async () => {
    const metrics = create();
    let broken = false;
    metrics.watchQueue(async () => {
      if (broken) throw new Error('connection lost');
      return REPORT;
    });
    expect(await samples(metrics, 'smart_support_queue_report_up')).toEqual(['1']);
    broken = true;
    for (const name of ['queue_depth', 'waiting_tickets', 'tickets_in_progress', 'dead_letters', 'outbox_events']) {
      expect(await samples(metrics, `smart_support_${name}`)).toEqual([]);
    }
    expect(await samples(metrics, 'smart_support_queue_report_up')).toEqual(['0']);
    expect(await samples(metrics, 'smart_support_alerts_total')).toEqual(['0']);
    broken = false;
    expect(await samples(metrics, 'smart_support_dead_letters')).toEqual(['6']);
  });
});
