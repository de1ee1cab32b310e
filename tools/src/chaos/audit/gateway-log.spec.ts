import { ticketInWork } from './gateway-log';

const line = (changes: object): string =>
  JSON.stringify({
    level: 'debug',
    ticket_id: 'T-1',
    category: null,
    status: 'processing',
    msg: 'ticket status',
    ...changes,
  });

describe("reading a gateway's log", () => {
  it('finds the tickets that it worked on by itself', () => {
    expect(ticketInWork(line({}))).toBe('T-1');
  });

  it('takes no other line for one', () => {
    expect(ticketInWork(line({ status: 'queued' }))).toBeUndefined();
    expect(ticketInWork(line({ msg: 'another' }))).toBeUndefined();
    expect(ticketInWork('{"msg":"listening","port":1}')).toBeUndefined();
    expect(ticketInWork('no JSON at all')).toBeUndefined();
  });
});
