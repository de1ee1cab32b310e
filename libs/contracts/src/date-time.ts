const DATE_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)[t ](?<time>(?:[01]\d|2[0-3]):[0-5]\d)(?::(?<seconds>[0-5]\d)(?:[.,](?<fraction>\d+))?)? ?(?<offset>z|utc|gmt|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)(?:\[[\w/+-]+\])?$/i;

/**
 * A date-time with an offset, spelt as RFC 3339 does: `2026-01-02T03:04:05+01:00`. Read are the spellings that clients send: offsets without
 * a colon or without minutes (`+0100`, `+01`), `UTC` and `GMT`, no seconds, a space in place of the `T` or before the offset, a comma
 * before the fraction, and the name of a time zone behind it (`[Europe/Berlin]`).
 * @returns `undefined` for everything else, also for a day that its month does not have
 */
export function rfc3339(text: string): string | undefined {
  const { date = '', time, seconds = '00', fraction, offset = '' } = DATE_TIME.exec(text)?.groups ?? {};
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  return `${date}T${time}:${seconds}${fraction === undefined ? '' : `.${fraction}`}${rfc3339Offset(offset)}`;
}

function rfc3339Offset(offset: string): string {
  if (!/^[+-]/.test(offset)) return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
