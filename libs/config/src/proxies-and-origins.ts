import { isIP } from 'node:net';
import { z } from 'zod';
import type { SettingKind } from './setting';

/** Ranges that Express knows by name. */
const RANGES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses of proxies, as Express takes them for `trust proxy`. A range of all addresses is refused: every client could forge its address then. */
export const proxyAddresses: SettingKind<readonly string[]> = {
  schema: listOf(isProxyAddress),
  allowed: `IP addresses, ranges such as 10.0.0.0/8, or ${RANGES.join(', ')}, with commas between them`,
};

function isProxyAddress(text: string): boolean {
  return RANGES.includes(text) || (isIP(text) !== 0 && !text.includes('%')) || isNetwork(text);
}

/** Networks in CIDR notation; an empty text is none of them. That of all addresses is refused: it allows everything by one short mistake. */
export const networks: SettingKind<readonly string[]> = {
  schema: z.union([z.literal('').transform(() => Object.freeze([] as string[])), listOf(isNetwork)]),
  allowed: 'networks such as 10.0.0.0/8 or fd00::/8 with commas between them',
};

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || more.length > 0) return false;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32);
}

/** Origins of web pages, spelt as browsers send them, or `*` for all. */
export const origins: SettingKind<'*' | readonly string[]> = {
  schema: z.union([z.literal('*'), listOf(isOrigin)]),
  allowed:
    '*, or origins such as https://desk.example.org with commas between them: lower case, without a path and without the default port',
};

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function listOf(isRight: (entry: string) => boolean): z.ZodType<readonly string[], string> {
  return z
    .string()
    .max(8192)
    .transform((text) => Object.freeze(text.split(',').map((entry) => entry.trim())))
    .refine((entries) => entries.every(isRight));
}
