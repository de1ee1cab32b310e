/** Replaces what must not be in a log line. */
export const REDACTED = '[Redacted]';

/** Names of fields that carry what a customer wrote or who the customer is, spelt as {@link plainName} does. */
const CUSTOMER_FIELDS: ReadonlySet<string> = new Set([
  'text',
  'textstart',
  'subject',
  'metadata',
  'requester',
  // Explanations quote the ticket in these two.
  'term',
  'match',
  // Raw HTTP messages hold all of the above, and secrets.
  'body',
  'rawbody',
  'rawheaders',
  'payload',
]);

/** Ends of names of fields that open doors: `webhookSecret`, `proxy-authorization`, `claim_token`. */
const SECRET_ENDINGS = [
  'secret',
  'secrets',
  'password',
  'token',
  'authorization',
  'cookie',
  'cookies',
  'apikey',
  'apikeys',
  'credentials',
];

/** Spelling does not matter: `Set-Cookie`, `set_cookie` and `setCookie` are one name. */
const plainName = (name: string) => name.replace(/[^a-z]/gi, '').toLowerCase();

/** Whether a field of this name is kept out of the log whatever its value. */
export function isSecretField(name: string): boolean {
  const plain = plainName(name);
  return CUSTOMER_FIELDS.has(plain) || SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
}
