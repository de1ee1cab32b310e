import { readyReceiver, received } from '../spec-support/ready-webhook';
import { SECRET } from '../spec-support/sources';

/** After https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const alert = (status: string, instance: string, more: object = {}) => ({
  status,
  labels: { alertname: 'DiskFull', severity: 'critical', instance, job: 'node' },
  annotations: { summary: `Disk of ${instance} is full`, description: 'Less than 1 % is free.', runbook_url: 'x' },
  startsAt: '2026-12-01T08:20:00.5Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=disk',
  fingerprint: `c0ffee${instance}`,
  ...more,
});
const group = (...alerts: object[]) => ({
  version: '4',
  groupKey: '{}:{alertname="DiskFull"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'smart-support',
  groupLabels: { alertname: 'DiskFull' },
  commonLabels: { alertname: 'DiskFull' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com',
  alerts,
});

const receiver = readyReceiver('alertmanager');
/** Nothing is signed: `http_config.authorization` carries the secret. */
const receive = (payload: object) =>
  received(receiver, JSON.stringify(payload), { authorization: `Bearer ${SECRET}` }, false);

it('each alert of a group opens a ticket, and one that is resolved completes its own', () => {
  const firing = alert('firing', 'db-1');
  const resolved = alert('resolved', 'db-2', { endsAt: '2026-12-01T08:29:00Z' });
  expect(receive(group(firing, resolved))).toEqual([
    {
      action: 'open',
      input: {
        id: 'desk:c0ffeedb-1-2026-12-01T08:20:00.5Z',
        subject: 'DiskFull',
        text: 'Disk of db-1 is full\nLess than 1 % is free.',
        channel: 'alertmanager',
        metadata: {
          severity: 'critical',
          instance: 'db-1',
          job: 'node',
          url: 'http://prometheus.example.com/graph?g0.expr=disk',
        },
      },
    },
    { action: 'resolve', id: 'desk:c0ffeedb-2-2026-12-01T08:20:00.5Z' },
  ]);
});

it('an alert that fires again later is another ticket, one that is sent again is the same', () => {
  const idOf = (sent: object) => receive(group(sent)).map((action) => action.action === 'open' && action.input.id);
  const first = idOf(alert('firing', 'db-1'));
  expect(idOf(alert('firing', 'db-1', { annotations: {} }))).toEqual(first);
  expect(idOf(alert('firing', 'db-1', { startsAt: '2026-12-01T09:00:00Z' }))).not.toEqual(first);
});

it('an alert without the usual annotations is told by what it has', () => {
  const textOf = (more: object) => receive(group(alert('firing', 'a', more)));
  expect(textOf({ annotations: { text: 'odd' } })).toMatchObject([{ input: { text: 'odd' } }]);
  expect(textOf({ annotations: {} })).toMatchObject([{ input: { text: 'DiskFull\ncritical\na\nnode' } }]);
});
