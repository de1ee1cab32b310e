import { requesterKey } from '@smart-support/contracts';

/** Which tickets come from programs, not people. */
export interface MachineSenders {
  /** Channels that only programs write to; upper and lower case are the same. */
  readonly channels: readonly string[];
  /** Patterns of requesters, in which `*` stands for anything: `alert*@*`. */
  readonly senders: readonly string[];
}

/** What of a ticket says who sent it. */
export interface Sender {
  readonly requester?: string | null | undefined;
  readonly channel?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A test of whether a program sent a ticket: by its channel, its requester, or because its metadata say `machine: true`. */
export function machineTest({ channels, senders }: MachineSenders): (sender: Sender) => boolean {
  const known = new Set(channels.map((channel) => channel.toLowerCase()));
  const patterns = senders.map((sender) => sender.toLowerCase().split('*'));
  return ({ channel, metadata, requester }) => {
    if (metadata?.['machine'] === true || (channel && known.has(channel.trim().toLowerCase()))) return true;
    const key = requesterKey(requester);
    return key !== null && patterns.some((parts) => matches(key, parts));
  };
}

/** Whether a text is the given parts in their order, with anything between them. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  if (others.length === 0) return text === first;
  const last = others.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}
