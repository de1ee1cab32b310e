/** Names of one routing domain in the store. All begin with one hash tag, so that they stand in one slot of a cluster. */
export interface Keys {
  /** Beginning of every key, for example `{smart-support}:`. */
  readonly domain: string;
  /** Beginning of the queue's own keys, for example `{smart-support}:tickets`. */
  readonly queue: string;
  /** The list that workers sleep on. */
  readonly wake: string;
  /** Written to find out whether writing works. */
  readonly probe: string;
  /** Whoever holds it sweeps. */
  readonly leader: string;
}

/** The keys of a routing domain. */
export function keysOf({ prefix, queueKey }: { readonly prefix: string; readonly queueKey: string }): Keys {
  const domain = `{${prefix}}:`;
  const queue = `${domain}${queueKey}`;
  return { domain, queue, wake: `${queue}:wake`, probe: `${domain}probe`, leader: `${domain}leader` };
}
