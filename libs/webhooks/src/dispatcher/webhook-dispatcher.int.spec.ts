import type { EventQueue } from '@smart-support/contracts';
import { SmartSupportError } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { Webhook } from 'standardwebhooks';
import { FakeOutbox } from '../../test/fake-outbox';
import { type Receiver, startReceiver } from '../../test/receiver';
import { RecordingObserver } from '../../test/recording-observer';
import { createWebhookSender } from '../sender/webhook-sender';
import { createWebhookDispatcher, type WebhookDispatcher } from './webhook-dispatcher';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const closable of open.splice(0).reverse()) await closable.close();
});

/** A dispatcher before a real receiver. Only the waits between tries are virtual. */
async function engine(...answer: Parameters<typeof startReceiver>) {
  const receiver = await startReceiver(...answer);
  const clock = new VirtualClock();
  const outbox = new FakeOutbox(clock);
  const observer = new RecordingObserver();
  const sender = createWebhookSender({ url: receiver.url, secret: SECRET, timeoutMs: 2000 });
  open.push(receiver, sender);
  const dispatch = (from: EventQueue): WebhookDispatcher => {
    const dispatcher = createWebhookDispatcher({ outbox: from, sender, observer, clock });
    dispatcher.start();
    return dispatcher;
  };
  return { receiver, clock, outbox, observer, dispatch };
}

/** Lets real input and output happen, without moving the clock, until something is so. */
async function comes(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => void setTimeout(resolve, 1));
}

const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);

describe('an event on its way to a real receiver', () => {
  it('is delivered at the second try after a 500, signed anew under the same id', async () => {
    const { receiver, clock, outbox, observer, dispatch } = await engine(
      (response, _request, nth) => void response.writeHead(nth === 1 ? 500 : 200).end('{"ok":true}'),
    );
    outbox.add('ticket.urgent:T-1');
    const dispatcher = dispatch(outbox);
    await comes(() => observer.reports.length === 1);
    await clock.run(6000);
    await comes(() => outbox.ids.length === 0);
    await dispatcher.stop();
    expect(observer.reports).toEqual(['retryScheduled ticket.urgent:T-1', 'delivered ticket.urgent:T-1']);
    expect(idsOf(receiver)).toEqual(['ticket.urgent:T-1', 'ticket.urgent:T-1']);
    for (const { headers, body } of receiver.received)
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toHaveProperty('text_start');
  });

  it('is delivered again under the same id after its lease, if the process died before it could acknowledge it', async () => {
    const { receiver, clock, outbox, dispatch } = await engine();
    outbox.add('ticket.urgent:T-1');
    const died = () => Promise.reject(new SmartSupportError('closed', 'The process is dead'));
    const first = dispatch({ claim: (...args) => outbox.claim(...args), acknowledge: died, retryLater: died });
    await comes(() => receiver.received.length === 1);
    await first.stop();
    expect(outbox.ids).toEqual(['ticket.urgent:T-1']);

    const second = dispatch(outbox);
    await clock.run(5000);
    expect(receiver.received).toHaveLength(1);
    await clock.run(2000);
    await comes(() => outbox.ids.length === 0);
    await second.stop();
    expect(idsOf(receiver)).toEqual(['ticket.urgent:T-1', 'ticket.urgent:T-1']);
  });

  it('is recorded only, like all that follow, when the receiver answers 410', async () => {
    const { receiver, clock, outbox, observer, dispatch } = await engine(
      (response) => void response.writeHead(410).end(),
    );
    outbox.add('T-1');
    const dispatcher = dispatch(outbox);
    await comes(() => outbox.ids.length === 0);
    outbox.add('T-2');
    await clock.run(1000);
    await dispatcher.stop();
    expect([idsOf(receiver), outbox.ids]).toEqual([['T-1'], []]);
    expect(observer.reports).toEqual(['endpointGone T-1', 'recordedOnly T-1', 'recordedOnly T-2']);
  });

  it('is waited for when the dispatcher stops', async () => {
    const { receiver, outbox, observer, dispatch } = await engine((response) => {
      setTimeout(() => response.end(), 50);
    });
    outbox.add('T-1');
    const dispatcher = dispatch(outbox);
    await comes(() => receiver.received.length === 1);
    await dispatcher.stop();
    expect([observer.reports, outbox.ids]).toEqual([['delivered T-1'], []]);
  });
});
