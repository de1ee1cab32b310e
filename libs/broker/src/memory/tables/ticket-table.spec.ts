import { TICKET_STATUSES, type Ticket, ticketMayBecome } from '@smart-support/contracts';
import { VirtualClock, aNewTicket } from '@smart-support/testing';
import { newRecord } from '../../rules/admission';
import { ByteBudget } from './byte-budget';
import { StoredTicket } from './stored-ticket';
import { IdempotencyKeys } from './idempotency-keys';
import { TicketTable } from './ticket-table';

const pairs = TICKET_STATUSES.flatMap((from) => TICKET_STATUSES.map((to) => [from, to] as const));

describe('the one place where a ticket changes its status', () => {
  it.each(pairs)('knows whether %s may become %s', (from, to) => {
    const seen: string[] = [];
    const keys = new IdempotencyKeys(new VirtualClock(), 1000);
    const observer = {
      status: ({ status }: Pick<Ticket, 'status'>) => void seen.push(status),
      deadLetterLost: () => undefined,
    };
    const book = new TicketTable(keys, keys, 10, observer, new ByteBudget(Infinity));
    const record = newRecord(aNewTicket(), '2030-01-01T00:00:00.000Z');
    const ticket = { ...record.ticket, status: from };
    const stored = book.insert(new StoredTicket({ ...record, ticket }, { idempotencyKey: null, duplicateKey: null }))!;
    const before = stored.record;
    const change = () => book.changeStatus(stored, { ...before.ticket, status: to });
    if (ticketMayBecome(from, to)) {
      expect(change().ticket.status).toBe(to);
      expect([book.count(from), book.count(to)]).toEqual([0, 1]);
      expect(seen).toEqual([from, to]);
    } else {
      expect(change).toThrow(expect.objectContaining({ code: 'internal' }));
      expect(stored.record).toBe(before);
      expect([book.count(from), seen]).toEqual([1, [from]]);
    }
    expect(book.unfinished).toBe(['completed', 'dead'].includes(stored.record.ticket.status) ? 0 : 1);
  });
});
