import { sentKeys } from './sent-keys';

describe('the keys that a request carries', () => {
  it.each<[string, Record<string, string[]>, string[]]>([
    ['a bearer', { authorization: ['Bearer abc'] }, ['abc']],
    ['a bearer spelt otherwise, as schemes may be', { authorization: ['bEARER   abc'] }, ['abc']],
    ['a key of its own header', { 'x-api-key': ['abc'] }, ['abc']],
    ['a proxy that uses the other header', { authorization: ['Basic dTpw'], 'x-api-key': ['abc'] }, ['abc']],
    ['the same key twice', { authorization: ['Bearer abc'], 'x-api-key': ['abc'] }, ['abc', 'abc']],
    ['several of each', { authorization: ['Bearer a', 'Bearer b'], 'x-api-key': ['c', 'd'] }, ['a', 'b', 'c', 'd']],
    ['none', {}, []],
    ['another scheme', { authorization: ['Basic abc'] }, []],
    ['a scheme alone', { authorization: ['Bearer'] }, []],
    ['a key without a scheme', { authorization: ['abc'] }, []],
    ['two words behind the scheme', { authorization: ['Bearer a b'] }, []],
    ['a scheme that only begins alike', { authorization: ['Bearers abc'] }, []],
    ['nothing in the headers', { authorization: [''], 'x-api-key': [''] }, ['']],
  ])('are found: %s', (_, headersDistinct, keys) => {
    expect(sentKeys({ headersDistinct })).toEqual(keys);
  });
});
