import type { JsonPath } from '../paths/json-path';

/** Where one field of a ticket comes from: the first of these that gives something. */
export type HookField = readonly (JsonPath | { readonly literal: string })[];

/** Conditions on a payload, of which all must hold. One does if a value at its path is one of the expected ones, compared as texts without case. */
export type HookConditions = readonly {
  readonly path: JsonPath;
  readonly is: readonly (string | number | boolean)[];
}[];

/** How the webhooks of a source are checked. Names of headers are in lower case. */
export type HookVerification =
  | { readonly scheme: 'standard_webhooks'; readonly secret: Uint8Array; readonly tolerance_seconds: number }
  | {
      readonly scheme: 'hmac';
      readonly header: string;
      readonly algorithm: 'sha256' | 'sha1';
      readonly encoding: 'hex' | 'base64';
      readonly prefix: string;
      readonly secret: string;
      /** Signed in front of the body. Without it, a webhook can be sent again at any time. */
      readonly timestamp?:
        { readonly header: string; readonly separator: string; readonly tolerance_seconds: number } | undefined;
    }
  | { readonly scheme: 'token'; readonly header: string; readonly prefix: string; readonly secret: string }
  | { readonly scheme: 'basic'; readonly user: string; readonly password: string }
  | { readonly scheme: 'none' };

/** A product that sends webhooks, as a mapping file describes it. Made by `parseHookSources`. */
export interface HookSource {
  /** The last part of its path, `/hooks/<name>`. */
  readonly name: string;
  /** Name of its trust domain; empty for the unnamed one. */
  readonly domain: string;
  readonly verify: HookVerification;
  /** Where the list stands of which each item is a ticket; paths of fields and conditions begin at an item then. */
  readonly items?: JsonPath | undefined;
  /** Empty for every payload. */
  readonly accept_if: HookConditions;
  /** Which payloads complete their ticket; empty for none. */
  readonly resolved_if: HookConditions;
  readonly ticket: {
    readonly id?: HookField | undefined;
    readonly text?: HookField | undefined;
    readonly subject?: HookField | undefined;
    readonly requester?: HookField | undefined;
    readonly channel?: HookField | undefined;
    readonly metadata: Readonly<Record<string, HookField>>;
  };
  /** Largest webhook that is taken, in bytes. */
  readonly max_bytes: number;
}
