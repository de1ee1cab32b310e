import { once } from 'node:events';
import { type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { eventually } from '@smart-support/testing';
import type { Response } from 'express';
import { setCaller } from './caller';
import { UnsentAnswers } from './unsent-answers';

const LENGTH = 32 * 1024 * 1024;
const requestOf = (key?: string) => `GET / HTTP/1.1\r\nHost: localhost\r\n${key ? `X-Key: ${key}\r\n` : ''}\r\n`;

let server: Server;
let unsent: UnsentAnswers;
let callers: Socket[];
let answers: ServerResponse[];

/** Answers everybody with {@link LENGTH} characters, of which {@link UnsentAnswers} holds two at a time. */
beforeEach(async () => {
  unsent = new UnsentAnswers(2.5 * LENGTH);
  callers = [];
  answers = [];
  server = createServer((request, response) => {
    answers.push(response);
    const key = request.headers['x-key'];
    if (typeof key === 'string') setCaller(request, { role: 'ingest', source: { key, domain: key } });
    unsent.add(response as unknown as Response, LENGTH);
    response.end('x'.repeat(LENGTH));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const caller of callers) caller.destroy();
  server.closeAllConnections();
  server.close();
});

/** A caller who asks, and reads no answer. */
async function silentCaller(requests = 1, key?: string): Promise<Socket> {
  const before = answers.length;
  const caller = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).pause();
  caller.on('error', () => undefined);
  callers.push(caller);
  caller.write(requestOf(key).repeat(requests));
  await eventually('the answers have begun', () => answers.length === before + requests);
  return caller;
}

const cutOff = (): boolean[] => answers.map(({ req }) => req.socket.destroyed);

describe('answers that are not read', () => {
  it('end with the connection that has read nothing for the longest, once they take too much', async () => {
    for (let n = 0; n < 4; n += 1) await silentCaller();
    expect(cutOff()).toEqual([true, true, false, false]);
  });

  it('keep their place while some of them is read', async () => {
    for (let n = 0; n < 2; n += 1) await silentCaller();
    unsent.noteProgress(answers[0] as unknown as Response);
    await silentCaller();
    expect(cutOff()).toEqual([false, true, false]);
  });

  it('of one caller end before those of another, who has read nothing for longer', async () => {
    await silentCaller(1, 'slow');
    for (let n = 0; n < 5; n += 1) await silentCaller(1, 'silent');
    expect(cutOff()).toEqual([false, true, true, true, true, false]);
  });

  it('count no more once they are read', async () => {
    for (let n = 0; n < 5; n += 1) {
      const caller = await silentCaller();
      caller.resume();
      await eventually('the answer has left', () => answers.at(-1)?.writableFinished);
    }
    expect(cutOff()).toEqual([false, false, false, false, false]);
  });

  it('count no more once their connection has ended, those that waited behind another one included', async () => {
    unsent = new UnsentAnswers(3.5 * LENGTH);
    await silentCaller();
    (await silentCaller(2)).destroy();
    await eventually('it has ended', () => cutOff()[2]);
    for (let n = 0; n < 2; n += 1) await silentCaller();
    expect(cutOff()).toEqual([false, true, true, false, false]);
  });

  it('of one connection are counted together', async () => {
    await silentCaller(2);
    await silentCaller();
    expect(cutOff()).toEqual([true, true, false]);
  });
});
