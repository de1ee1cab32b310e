import { MAX_BODY_BYTES, type SecretSources, secretSchema } from '@smart-support/contracts';
import { z } from 'zod';
import { JsonPath } from '../paths/json-path';
import { READY_MAPPINGS, type ReadyMappingName } from '../ready/ready-mappings';

const DAY_SECONDS = 86_400;
const MAX_PATHS = 16;
const MAX_METADATA = 32;

/** Largest webhook that a mapping may allow, in bytes. */
const MOST_BYTES = 1024 * 1024;

const pathSchema = z.string().transform((text, context) => {
  const path = JsonPath.compile(text);
  if (typeof path !== 'string') return path;
  context.addIssue({ code: 'custom', message: path });
  return z.NEVER;
});

const one = z.union(
  [pathSchema, z.strictObject({ literal: z.string().min(1).max(1000) })],
  'must be a JSON path, {"literal": "..."} or a list of these',
);

const fieldSchema = z.union([one.transform((source) => [source]), z.array(one).min(1).max(MAX_PATHS)]);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const conditionSchema = z.strictObject({
  path: pathSchema,
  is: z.union([scalar.transform((value) => [value]), z.array(scalar).min(1).max(64)]),
});

const conditionsSchema = z.union([
  conditionSchema.transform((condition) => [condition]),
  z.array(conditionSchema).max(MAX_PATHS),
]);

const headerSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be the name of a header')
  .transform((name) => name.toLowerCase());

const toleranceSchema = z.int().min(1).max(DAY_SECONDS).default(300);

const verifySchema = (sources: SecretSources) => {
  const secret = secretSchema(sources);
  return z.discriminatedUnion('scheme', [
    z.strictObject({
      scheme: z.literal('standard_webhooks'),
      secret: secret.transform((text, context) => {
        const base64 = text.replace(/^whsec_/, '');
        const key = Buffer.from(base64, 'base64');
        if (key.length > 0 && key.toString('base64') === base64) return key;
        context.addIssue({ code: 'custom', message: 'must be base64, with or without whsec_ in front' });
        return z.NEVER;
      }),
      tolerance_seconds: toleranceSchema,
    }),
    z.strictObject({
      scheme: z.literal('hmac'),
      header: headerSchema,
      algorithm: z.enum(['sha256', 'sha1']).default('sha256'),
      encoding: z.enum(['hex', 'base64']).default('hex'),
      prefix: z.string().max(64).default(''),
      secret,
      timestamp: z
        .strictObject({
          header: headerSchema,
          separator: z.string().max(8).default(''),
          tolerance_seconds: toleranceSchema,
        })
        .optional(),
    }),
    z.strictObject({
      scheme: z.literal('token'),
      header: headerSchema,
      prefix: z.string().max(64).default(''),
      secret,
    }),
    z.strictObject({
      scheme: z.literal('basic'),
      user: z
        .string()
        .max(256)
        .regex(/^[^:]*$/, 'must have no colon'),
      password: secret,
    }),
    z.strictObject({ scheme: z.literal('none') }),
  ]);
};

const ticketSchema = z
  .strictObject({
    id: fieldSchema.optional(),
    text: fieldSchema.optional(),
    subject: fieldSchema.optional(),
    requester: fieldSchema.optional(),
    channel: fieldSchema.optional(),
    metadata: z
      .record(z.string().regex(/^[a-z][\w.-]{0,63}$/i, 'must be a name'), fieldSchema)
      .refine((entries) => Object.keys(entries).length <= MAX_METADATA, `must have at most ${MAX_METADATA} entries`)
      .default({}),
  })
  .refine(({ text, subject }) => text ?? subject, { path: ['text'], message: 'is needed where there is no subject' });

/** One source of a mapping file, checked, with its secrets looked up and its paths compiled. */
export const sourceSchema = (secrets: SecretSources) =>
  z
    .strictObject({
      uses: z.enum(Object.keys(READY_MAPPINGS) as [ReadyMappingName, ...ReadyMappingName[]]).optional(),
      domain: z
        .string()
        .regex(/^[\w.-]{0,64}$/, 'must have at most 64 letters, digits or . _ -')
        .optional(),
      verify: verifySchema(secrets),
      items: pathSchema.optional(),
      accept_if: conditionsSchema.default([]),
      resolved_if: conditionsSchema.default([]),
      ticket: ticketSchema,
      max_bytes: z.int().min(1024).max(MOST_BYTES).default(MAX_BODY_BYTES),
    })
    .refine(({ resolved_if, ticket }) => resolved_if.length === 0 || ticket.id, {
      path: ['ticket', 'id'],
      message: 'is needed where resolved_if is set',
    });
