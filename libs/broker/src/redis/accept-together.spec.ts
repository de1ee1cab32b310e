import { type AcceptResult, MAX_BATCH_TICKETS, type NewTicket } from '@smart-support/contracts';
import { aNewTicket } from '@smart-support/testing';
import { AcceptTogether } from './accept-together';

const offered = (id: string): NewTicket => aNewTicket({ id });
const answerTo = ({ id }: NewTicket): AcceptResult => ({ outcome: 'conflict', ticket_id: id });

describe('tickets offered at the same moment', () => {
  it('go in one command, in order, and each gets its own answer', async () => {
    const commands: string[][] = [];
    const together = new AcceptTogether(async (batch) => {
      commands.push(batch.map(({ id }) => id));
      return batch.map(answerTo);
    });
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => together.accept(offered(id))));
    expect(answers.map((answer) => 'ticket_id' in answer && answer.ticket_id)).toEqual(['a', 'b', 'c']);
    await together.accept(offered('later'));
    expect(commands).toEqual([['a', 'b', 'c'], ['later']]);
  });

  it('those offered while a command is on its way go in the next one, without waiting for it', async () => {
    const commands: number[] = [];
    let answerFirst: (answers: readonly AcceptResult[]) => void = () => undefined;
    const together = new AcceptTogether((batch) => {
      commands.push(batch.length);
      if (commands.length > 1) return Promise.resolve(batch.map(answerTo));
      return new Promise((resolve) => (answerFirst = resolve));
    });
    const first = together.accept(offered('a'));
    await new Promise((resolve) => void setImmediate(resolve));
    await together.accept(offered('b'));
    answerFirst([answerTo(offered('a'))]);
    expect(await first).toEqual(answerTo(offered('a')));
    expect(commands).toEqual([1, 1]);
  });

  it('more than a batch are cut, and what befalls one command is not said of the others', async () => {
    const sizes: number[] = [];
    const together = new AcceptTogether(async (batch) => {
      sizes.push(batch.length);
      if (sizes.length === 2) throw new Error('refused');
      return batch.map(answerTo);
    });
    const many = Array.from({ length: 2 * MAX_BATCH_TICKETS + 1 }, (_, n) => together.accept(offered(`t${n}`)));
    const outcomes = (await Promise.allSettled(many)).map(({ status }) => status);
    expect(sizes).toEqual([MAX_BATCH_TICKETS, MAX_BATCH_TICKETS, 1]);
    const refused = outcomes.map((status, index) => (status === 'rejected' ? index : -1)).filter((index) => index >= 0);
    expect(refused).toEqual(Array.from({ length: MAX_BATCH_TICKETS }, (_, n) => MAX_BATCH_TICKETS + n));
  });

  it('an error is told to each, and so is a missing answer', async () => {
    const failing = new AcceptTogether(async () => {
      throw new Error('no');
    });
    const outcomes = await Promise.allSettled(['a', 'b'].map((id) => failing.accept(offered(id))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const silent = new AcceptTogether(async (batch) => batch.slice(1).map(answerTo));
    const [first, last] = await Promise.allSettled(['a', 'b'].map((id) => silent.accept(offered(id))));
    expect([first?.status, last]).toMatchObject(['fulfilled', { reason: { code: 'internal' } }]);
  });
});
