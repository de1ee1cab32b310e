import { z } from 'zod';
import type { SettingKind } from './setting';

const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;
const DECIMAL_NUMBER = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MS_PER_HOUR = 60 * 60 * 1000;

const decimal = (min: number, max: number) =>
  z.string().regex(DECIMAL_NUMBER).transform(Number).pipe(z.number().min(min).max(max));

/** A whole number in plain digits, both ends included. */
export function wholeNumber(min: number, max: number): SettingKind<number> {
  return {
    schema: z.string().regex(WHOLE_NUMBER).transform(Number).pipe(z.int().min(min).max(max)),
    allowed: `a whole number from ${min} to ${max}`,
  };
}

/**
 * The port that a server listens on; 0 picks a free one. Kubernetes injects the address of each Service into every
 * container: for a Service named `worker`, `WORKER_PORT=tcp://10.0.0.1:8001`.
 */
export const portNumber: SettingKind<number> = {
  ...wholeNumber(0, 65_535),
  isInjected: (text) => /^(?:tcp|udp|sctp):\/\//.test(text),
};

/** A number in plain digits with or without a decimal point, both ends included. */
export function number(min: number, max: number): SettingKind<number> {
  return { schema: decimal(min, max), allowed: `a number from ${min} to ${max}` };
}

/** A number of hours, both ends included, kept as whole milliseconds. */
export function hoursAsMs(min: number, max: number): SettingKind<number> {
  return {
    schema: decimal(min, max).transform((hours) => Math.round(hours * MS_PER_HOUR)),
    allowed: `a number from ${min} to ${max}`,
  };
}

/** A number of seconds, both ends included, kept as whole milliseconds. */
export function secondsAsMs(min: number, max: number): SettingKind<number> {
  return {
    schema: decimal(min, max).transform((seconds) => Math.round(seconds * 1000)),
    allowed: `a number from ${min} to ${max}`,
  };
}

/** Names with commas between them; an empty text is none of them. */
export const nameList: SettingKind<readonly string[]> = {
  schema: z
    .string()
    .regex(/^(?:[\w-]+(?:, ?[\w-]+)*)?$/)
    .transform((text) => Object.freeze(text.split(',').flatMap((name) => name.trim() || []))),
  allowed: 'names with commas between them',
};

/** Names of API keys with commas between them; an empty text is none of them. */
export const keyNames: SettingKind<readonly string[]> = {
  schema: z
    .string()
    .regex(/^(?:[\w.-]+(?:, ?[\w.-]+)*)?$/)
    .transform((text) => Object.freeze(text.split(',').flatMap((name) => name.trim() || []))),
  allowed: 'names of API keys with commas between them',
};

/** Patterns of mail addresses or other names of senders, with commas between them; an empty text is none of them. */
export const senderPatterns: SettingKind<readonly string[]> = {
  schema: z
    .string()
    .regex(/^(?:[^\s,\p{C}]+(?:, ?[^\s,\p{C}]+)*)?$/u)
    .transform((text) => Object.freeze(text.split(',').flatMap((pattern) => pattern.trim() || []))),
  allowed: 'patterns with commas between them, in which * stands for anything',
};

/** One of a few words, spelt exactly so. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): SettingKind<Words[number]> {
  return { schema: z.enum(words), allowed: `one of ${words.join(', ')}` };
}

/** A host name or an IP address, as `listen` takes it. Whether it can be bound shows only when it is tried. */
export const hostName: SettingKind<string> = {
  schema: z.string().regex(/^[\w.:%-]{1,253}$/),
  allowed: 'a host name or an IP address',
};

/** A name within the keys of Redis. No braces: they would decide which shard of a cluster a key lives on. */
export const keyName: SettingKind<string> = {
  schema: z.string().regex(/^[\w.:-]{1,64}$/),
  allowed: '1 to 64 letters, digits or . _ : -',
};

/** The path of a file. Whether it can be read shows only when it is tried. */
export const filePath: SettingKind<string> = {
  schema: z
    .string()
    .max(4096)
    .refine((path) => path.trim().length > 0 && !path.includes('\0')),
  allowed: 'the path of a file',
};

/** A folder of a mailbox. Whether it exists shows only when it is opened. */
export const folderName: SettingKind<string> = {
  schema: z.string().regex(/^\P{C}{1,255}$/u),
  allowed: '1 to 255 characters, none of them a control character',
};

/** A password. Line ends are refused: they come from files and belong to no password. */
export const password: SettingKind<string> = {
  schema: z.string().regex(/^\P{Cc}{1,1024}$/u),
  allowed: '1 to 1024 characters, none of them a control character',
};

/** A switch: 1 is on, 0 is off. */
export const yesOrNo: SettingKind<boolean> = {
  schema: z.enum(['0', '1']).transform((text) => text === '1'),
  allowed: '1 or 0',
};
