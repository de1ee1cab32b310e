import { createHmac } from 'node:crypto';
import { type HookAction, type HookReceiver, createHookReceiver } from '../receiver/hook-receiver';
import type { ReadyMappingName } from '../ready/ready-mappings';
import type { HookHeaders } from '../verify/verify-hook';
import { SECRET, sourceOf } from './sources';

/** When the webhooks of the specs are sent. */
export const NOW = Date.parse('2026-12-01T08:30:00Z');

/** The receiver of a ready mapping with nothing but a secret of its own. */
export const readyReceiver = (uses: ReadyMappingName, secret: string = SECRET): HookReceiver =>
  createHookReceiver(sourceOf({ uses, verify: { secret } }));

/** A digest as products sign with it, over several parts in a row. */
export function hmac(algorithm: string, encoding: 'hex' | 'base64', ...parts: readonly string[]): string {
  return createHmac(algorithm, SECRET).update(parts.join('')).digest(encoding);
}

/** What a genuine webhook asks for: it is checked as it comes, refused with another body, and read. */
export function received(
  receiver: HookReceiver,
  body: string,
  headers: HookHeaders,
  isSigned = true,
): readonly HookAction[] {
  expect(receiver.verify(headers, Buffer.from(body), NOW)).toBe(true);
  expect(receiver.verify(headers, Buffer.from(`${body} `), NOW)).toBe(!isSigned);
  expect(receiver.verify({}, Buffer.from(body), NOW)).toBe(false);
  return receiver.read(JSON.parse(body));
}
