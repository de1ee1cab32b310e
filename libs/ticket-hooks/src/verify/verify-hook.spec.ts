import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { createHookReceiver } from '../receiver/hook-receiver';
import { SECRET, openSource } from '../spec-support/sources';

type Headers = Record<string, string | string[]>;

const NOW = Date.parse('2026-12-01T12:00:00Z');
const SECONDS = String(NOW / 1000);
const BODY = Buffer.from('{"id": 1, "text": "größer"}');
const KEY = Buffer.alloc(32, 7);
const WHSEC = `whsec_${KEY.toString('base64')}`;

const hmac = (key: string | Buffer, ...parts: (string | Buffer)[]) =>
  parts.reduce((sum, part) => sum.update(part), createHmac('sha256', key));
const receiverOf = (verify: object) => createHookReceiver(openSource({ verify }));
const minutes = (count: number): number => NOW + count * 60_000;

/** Every scheme that checks something, with the headers of a genuine webhook. */
const SCHEMES: readonly (readonly [string, object, Headers])[] = [
  [
    'standard_webhooks',
    { scheme: 'standard_webhooks', secret: WHSEC },
    {
      'webhook-id': 'msg_1',
      'webhook-timestamp': SECONDS,
      'webhook-signature': `v1,${hmac(KEY, `msg_1.${SECONDS}.`, BODY).digest('base64')}`,
    },
  ],
  [
    'hmac',
    { scheme: 'hmac', header: 'X-Signature', prefix: 'sha256=', secret: SECRET },
    { 'x-signature': `sha256=${hmac(SECRET, BODY).digest('hex')}` },
  ],
  [
    'hmac of a time and the body',
    { scheme: 'hmac', header: 'X-Signature', encoding: 'base64', secret: SECRET, timestamp: { header: 'X-Time' } },
    { 'x-signature': hmac(SECRET, '2026-12-01T12:00:00Z', BODY).digest('base64'), 'x-time': '2026-12-01T12:00:00Z' },
  ],
  [
    'hmac with SHA-1',
    { scheme: 'hmac', header: 'X-Signature', algorithm: 'sha1', secret: SECRET },
    { 'x-signature': createHmac('sha1', SECRET).update(BODY).digest('hex') },
  ],
  [
    'token',
    { scheme: 'token', header: 'Authorization', prefix: 'Bearer ', secret: SECRET },
    { authorization: `Bearer ${SECRET}` },
  ],
  [
    'basic',
    { scheme: 'basic', user: 'desk', password: SECRET },
    { authorization: `Basic ${Buffer.from(`desk:${SECRET}`).toString('base64')}` },
  ],
];
const SIGNED = SCHEMES.filter(([name]) => name !== 'token' && name !== 'basic');

describe.each(SCHEMES)('a webhook checked by %s', (_name, verify, headers) => {
  const receiver = receiverOf(verify);

  it('is genuine as it was sent', () => {
    expect(receiver.verify(headers, BODY, NOW)).toBe(true);
  });

  it('is refused without any of its headers, with an empty one, and with one that came twice', () => {
    for (const name of Object.keys(headers)) {
      const { [name]: value, ...others } = headers;
      for (const sent of [{}, { [name]: '' }, { [name]: [value as string, value as string] }]) {
        expect(receiver.verify({ ...others, ...sent }, BODY, NOW)).toBe(false);
      }
    }
    expect(receiver.verify({}, BODY, NOW)).toBe(false);
    expect(receiver.verify(Object.create(headers) as Headers, BODY, NOW)).toBe(false);
  });

  it('is refused after any change of a header', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(headers)),
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 3 }),
        (name, at, by) => {
          const value = headers[name] as string;
          const place = at % (value.length + 1);
          const changed = value.slice(0, place) + by + value.slice(place + 1);
          // The name of a scheme has no case, and only what stands before a space is a signature.
          fc.pre(changed.replace(/^basic /i, 'Basic ') !== value && !changed.split(' ').includes(value));
          expect(receiver.verify({ ...headers, [name]: changed }, BODY, NOW)).toBe(false);
        },
      ),
    );
  });

  it('is refused with any other secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 40 }), (other) => {
        fc.pre(other !== SECRET);
        const secret = 'secret' in verify && verify.secret === WHSEC ? Buffer.from(other).toString('base64') : other;
        const changed = 'password' in verify ? { password: secret } : { secret };
        expect(receiverOf({ ...verify, ...changed }).verify(headers, BODY, NOW)).toBe(false);
      }),
    );
  });
});

describe.each(SIGNED)('a webhook signed by %s', (_name, verify, headers) => {
  it('is refused after any change of its body, bytes that are no text included', () => {
    const receiver = receiverOf(verify);
    fc.assert(
      fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(2), (at, difference, how) => {
        const byte = (BODY[at] as number) ^ difference;
        const changed = [
          Buffer.concat([BODY.subarray(0, at), Buffer.from([byte]), BODY.subarray(at + 1)]),
          Buffer.concat([BODY.subarray(0, at), BODY.subarray(at + 1)]),
          Buffer.concat([BODY.subarray(0, at), Buffer.from([byte]), BODY.subarray(at)]),
        ][how] as Buffer;
        fc.pre(!changed.equals(BODY));
        expect(receiver.verify(headers, changed, NOW)).toBe(false);
      }),
    );
  });
});

describe('a time', () => {
  const timed = SCHEMES.filter(([name]) => ['standard_webhooks', 'hmac of a time and the body'].includes(name));

  it.each(timed)('of more than five minutes before or after is refused: %s', (_name, verify, headers) => {
    const receiver = receiverOf(verify);
    for (const now of [minutes(-5), minutes(5)]) expect(receiver.verify(headers, BODY, now)).toBe(true);
    for (const now of [minutes(-5) - 1, minutes(5) + 1, 0, NaN])
      expect(receiver.verify(headers, BODY, now)).toBe(false);
  });

  it.each(['0', '-1', '1e9', ' 1', 'NaN', 'now', '2026-12-01', 'Tue, 01 Dec 2026 12:00:00 GMT', '9'.repeat(400)])(
    'that is none is refused, also where it is signed: %s',
    (time) => {
      const timestamp = { header: 'x-time', separator: '.' };
      const receiver = receiverOf({ scheme: 'hmac', header: 'x-signature', secret: SECRET, timestamp });
      const signature = hmac(SECRET, `${time}.`, BODY).digest('hex');
      expect(receiver.verify({ 'x-signature': signature, 'x-time': time }, BODY, NOW)).toBe(false);
    },
  );

  it('may be older where the mapping says so', () => {
    const timestamp = { header: 'x-time', separator: '.', tolerance_seconds: 3600 };
    const receiver = receiverOf({ scheme: 'hmac', header: 'x-signature', secret: SECRET, timestamp });
    const headers = { 'x-signature': hmac(SECRET, `${SECONDS}.`, BODY).digest('hex'), 'x-time': SECONDS };
    expect(receiver.verify(headers, BODY, minutes(59))).toBe(true);
    expect(receiver.verify(headers, BODY, minutes(61))).toBe(false);
  });
});

describe('Standard Webhooks', () => {
  const [, verify, headers] = SCHEMES[0]!;
  const signature = headers['webhook-signature'] as string;

  it('may carry several signatures, as while a secret is changed, of which ten are looked at', () => {
    const receiver = receiverOf(verify);
    const withSignatures = (...all: string[]) => ({ ...headers, 'webhook-signature': all.join(' ') });
    expect(receiver.verify(withSignatures('v1a,abc', 'v1,AAAA', signature), BODY, NOW)).toBe(true);
    expect(receiver.verify(withSignatures(...Array<string>(10).fill('v1,AAAA'), signature), BODY, NOW)).toBe(false);
    expect(receiver.verify(withSignatures(signature.replace('v1', 'v2')), BODY, NOW)).toBe(false);
  });
});

it('a source that checks nothing takes everything', () => {
  expect(receiverOf({ scheme: 'none' }).verify({}, BODY, NOW)).toBe(true);
});
