import { isMostlyLongWords } from './long-words';

const blob = (text: string): string => Buffer.from(text.repeat(12)).toString('base64');

describe('a text that is mostly one long word', () => {
  it('is data in base64, with its padding and a short word before it', () => {
    expect(isMostlyLongWords(`${blob('where is my parcel')}==`)).toBe(true);
    expect(isMostlyLongWords(`Log: ${blob('where is my parcel')}`)).toBe(true);
  });

  it('is no sentence with some data in it, and nothing short', () => {
    const sentence = 'The export stops at this line and never goes on, whatever I do, since the update of last night. ';
    expect(isMostlyLongWords(`${sentence.repeat(3)}${blob('parcel')}`)).toBe(false);
    expect(isMostlyLongWords('x'.repeat(100))).toBe(false);
    expect(isMostlyLongWords('')).toBe(false);
  });
});
