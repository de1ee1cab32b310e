import { machineTest } from './storm-arrival';

const isMachine = machineTest({ channels: ['alertmanager'], senders: ['alert*@*', '*-bot', 'cron'] });

describe('a ticket that a program sent', () => {
  it.each([
    ['by its channel, whatever its case', { channel: ' AlertManager ' }],
    ['by its requester', { requester: 'alerts@example.org' }],
    ['by its requester with a name before the address', { requester: 'Web Alerts <Alerts@Example.org>' }],
    ['by the end of its requester', { requester: 'deploy-bot' }],
    ['by a requester without any star', { requester: 'cron' }],
    ['by its metadata', { metadata: { machine: true } }],
  ])('is known %s', (_, sender) => {
    expect(isMachine(sender)).toBe(true);
  });

  it.each([
    ['another channel', { channel: 'mail', requester: 'mara@example.org' }],
    ['a requester that a pattern matches in part only', { requester: 'mara.alert@example.org' }],
    ['a longer name than a pattern without a star', { requester: 'cron2' }],
    ['nothing that says so', {}],
    ['metadata that say no', { metadata: { machine: false } }],
    ['a text in place of true', { metadata: { machine: 'true' } }],
  ])('is not one of %s', (_, sender) => {
    expect(isMachine(sender)).toBe(false);
  });

  it('is none where an operator names none', () => {
    expect(
      machineTest({ channels: [], senders: [] })({ channel: 'alertmanager', requester: 'alerts@example.org' }),
    ).toBe(false);
  });
});
