import {
  CATEGORIES,
  type Category,
  type QueueReport,
  REVIEW_REASONS,
  type ReviewReason,
  STORM_EXCLUSIONS,
  type StormExclusion,
  TICKET_STATUSES,
  type TicketStatus,
} from '@smart-support/contracts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { cappedLabel, labelOf, OTHER } from './bounded-label';
import { ByteGauges } from './byte-gauges';
import { DeliveryMetrics } from './delivery-metrics';
import { MailMetrics } from './mail-metrics';
import { ModelMetrics } from './model-metrics';
import { QueueGauges } from './queue-gauges';
import { RedisMetrics } from './redis-metrics';
import { WorkMetrics } from './work-metrics';

/** Category label of tickets that are not understood yet. */
const NO_CATEGORY = 'none';
/** Route label of requests that no route took. */
const NO_ROUTE = 'unmatched';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Seconds: from half a millisecond, a request answered from memory, to 5 s, longer than any client should wait. */
const REQUEST_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Seconds: from 10 microseconds, a regex over a short text, to 5 s, a model far past its deadline. */
const STAGE_BUCKETS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  5,
];

/** One answered HTTP request. */
export interface ObservedRequest {
  /** The route's pattern such as `/tickets/:id`, never the path; `undefined` if no route took the request. */
  readonly route: string | undefined;
  readonly method: string;
  /** HTTP status code. */
  readonly status: number;
  /** From the first byte of the request to the end of the answer. */
  readonly seconds: number;
}

/** What this process measures about itself. Every label has a bounded number of values. */
export interface Metrics {
  /** Counts an answered request and its duration. */
  observeRequest(request: ObservedRequest): void;
  /** Adds the duration of one stage of a ticket's way, for example `classify`. Durations that are no number of seconds are left out. */
  observeStage(stage: string, seconds: number): void;
  /** Counts a ticket that reached a status; `null` while it has no category yet. */
  countTicket(category: Category | null, status: TicketStatus): void;
  /** Counts an alert that was raised. */
  countAlert(): void;
  /** Counts a ticket whose category a person should look at, once for each reason. */
  countReview(reason: ReviewReason): void;
  /** Counts a ticket that a rule keeps out of storms. */
  countStormExclusion(rule: StormExclusion): void;
  /** Adds gauges of the queue, which ask `report` at every scrape. Calling it again changes whom they ask. */
  watchQueue(report: () => Promise<QueueReport>): void;
  /** What the brokers hold. */
  readonly bytes: ByteGauges;
  /** How the shared Redis is doing. */
  readonly redis: RedisMetrics;
  /** What the heavy models do. */
  readonly models: ModelMetrics;
  /** What is in work. */
  readonly work: WorkMetrics;
  /** What becomes of events on their way to a webhook. */
  readonly deliveries: DeliveryMetrics;
  /** What becomes of mails. */
  readonly mails: MailMetrics;
  /** Everything in Prometheus' text format; the body of `GET /metrics`. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Metrics of one process in a registry of their own, with the default ones of Node processes.
 * @param options - `version` of the program, shown as a label of `smart_support_build_info`
 */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  new Gauge({
    name: 'smart_support_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const requests = new Counter({
    name: 'smart_support_http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'smart_support_http_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const stageSeconds = new Histogram({
    name: 'smart_support_stage_duration_seconds',
    help: "Duration of the stages of a ticket's way.",
    labelNames: ['stage'],
    buckets: STAGE_BUCKETS,
    registers,
  });
  const tickets = new Counter({
    name: 'smart_support_tickets_total',
    help: 'Tickets that reached a status.',
    labelNames: ['category', 'status'],
    registers,
  });
  const alerts = new Counter({ name: 'smart_support_alerts_total', help: 'Alerts raised.', registers });
  const reviews = new Counter({
    name: 'smart_support_reviews_total',
    help: 'Tickets whose category a person should look at, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const stormExclusions = new Counter({
    name: 'smart_support_storm_exclusions_total',
    help: 'Tickets that a rule keeps out of storms.',
    labelNames: ['rule'],
    registers,
  });
  const models = new ModelMetrics(registry);
  const work = new WorkMetrics(registry);
  const deliveries = new DeliveryMetrics(registry);
  const mails = new MailMetrics(registry);
  const redis = new RedisMetrics(registry);
  const bytes = new ByteGauges(registry);
  let queue: QueueGauges | undefined;

  // A counter that starts with its first event hides that event from rate().
  for (const category of [...CATEGORIES, NO_CATEGORY]) {
    for (const status of TICKET_STATUSES) tickets.inc({ category, status }, 0);
  }
  for (const reason of REVIEW_REASONS) reviews.inc({ reason }, 0);
  for (const rule of STORM_EXCLUSIONS) stormExclusions.inc({ rule }, 0);

  const routeLabel = cappedLabel();
  const methodLabel = labelOf(METHODS);
  const stageLabel = cappedLabel();
  const categoryLabel = labelOf([...CATEGORIES, NO_CATEGORY]);
  const statusLabel = labelOf(TICKET_STATUSES);
  const reasonLabel = labelOf(REVIEW_REASONS);
  const ruleLabel = labelOf(STORM_EXCLUSIONS);

  return {
    observeRequest({ route, method, status, seconds }) {
      const labels = {
        route: routeLabel(route ?? NO_ROUTE),
        method: methodLabel(method),
        status: httpStatusLabel(status),
      };
      requests.inc(labels);
      if (isDuration(seconds)) requestSeconds.observe(labels, seconds);
    },
    observeStage(stage, seconds) {
      if (isDuration(seconds)) stageSeconds.observe({ stage: stageLabel(stage) }, seconds);
    },
    countTicket(category, status) {
      tickets.inc({ category: categoryLabel(category ?? NO_CATEGORY), status: statusLabel(status) });
    },
    countAlert() {
      alerts.inc();
    },
    countReview(reason) {
      reviews.inc({ reason: reasonLabel(reason) });
    },
    countStormExclusion(rule) {
      stormExclusions.inc({ rule: ruleLabel(rule) });
    },
    watchQueue(report) {
      if (queue) queue.watchQueue(report);
      else queue = new QueueGauges(registry, report);
    },
    bytes,
    redis,
    models,
    work,
    deliveries,
    mails,
    async render() {
      models.refresh();
      work.refresh();
      bytes.refresh();
      await queue?.refresh();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

const isDuration = (seconds: number) => Number.isFinite(seconds) && seconds >= 0;

const httpStatusLabel = (status: number) =>
  Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : OTHER;
