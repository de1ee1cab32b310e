import { stormSourceOf, vouchedTest } from './storm-arrival';

const ticket = (channel: string | null, key?: string, domain = '') => ({
  channel,
  source: key === undefined ? null : { key, domain },
});

describe('the requester of a ticket', () => {
  it('is vouched for by all callers where no setting names those who do', () => {
    const isVouched = vouchedTest({ channels: [], keys: [] });
    expect([ticket(null), ticket('web', 'form')].map(isVouched)).toEqual([true, true]);
  });

  it('is vouched for by channels, in upper and lower case', () => {
    const isVouched = vouchedTest({ channels: ['Email', 'phone'], keys: [] });
    const found = [ticket(' EMAIL '), ticket('phone'), ticket('web'), ticket(''), ticket(null)].map(isVouched);
    expect(found).toEqual([true, true, false, false, false]);
  });

  it('is vouched for by keys, and not by the lack of one', () => {
    const isVouched = vouchedTest({ channels: [], keys: ['mailer'] });
    const found = [ticket(null, 'mailer'), ticket('web', 'Mailer'), ticket('web')].map(isVouched);
    expect(found).toEqual([true, false, false]);
  });

  it('is vouched for by a key in one of the channels where both are named: another key cannot claim the channel', () => {
    const isVouched = vouchedTest({ channels: ['email'], keys: ['mailer'] });
    const found = [ticket('email', 'mailer'), ticket('email', 'form'), ticket('web', 'mailer')].map(isVouched);
    expect(found).toEqual([true, false, false]);
  });
});

describe('who sent a ticket', () => {
  it('is the trust domain of its key; not known without a key', () => {
    const records = [
      ticket(null),
      ticket(null, 'a'),
      ticket(null, 'b'),
      ticket(null, 'a', 'x'),
      ticket(null, 'b', 'x'),
    ];
    expect(records.map(stormSourceOf)).toEqual([null, 'domain ', 'domain ', 'domain x', 'domain x']);
  });
});
