import type { ReadyMapping } from './ready-mapping';

/**
 * The webhook receiver of Prometheus' Alertmanager: a ticket for each alert of a group. Alertmanager signs nothing; it sends a bearer token. The fingerprint names
 * the labels of an alert, so one that fires again later has the same; with the time at which it began, it names this alert.
 */
export const alertmanager: ReadyMapping = {
  verify: { scheme: 'token', header: 'authorization', prefix: 'Bearer ' },
  items: '$.alerts',
  accept_if: [{ path: '$.status', is: 'firing' }],
  resolved_if: [{ path: '$.status', is: 'resolved' }],
  ticket: {
    id: "$['fingerprint','startsAt']",
    text: ["$.annotations['summary','description','message']", '$.annotations[*]', '$.labels[*]'],
    subject: '$.labels.alertname',
    channel: { literal: 'alertmanager' },
    metadata: {
      severity: '$.labels.severity',
      instance: '$.labels.instance',
      job: '$.labels.job',
      url: '$.generatorURL',
    },
  },
  max_bytes: 1024 * 1024,
};
