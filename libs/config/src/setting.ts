import type { z } from 'zod';

/** How the text of a setting is read: its schema, and the same in words for messages and the reference page. */
export interface SettingKind<Value> {
  /** Reads the text of an environment variable. */
  readonly schema: z.ZodType<Value, string>;
  /** What is allowed, as the end of the sentence "must be ...", for example `a whole number from 0 to 65535`. */
  readonly allowed: string;
  /** Whether the schema's own messages say what is wrong, without repeating the value; otherwise {@link allowed} does. */
  readonly explains?: boolean;
  /** Whether an orchestrator injected a value, which then counts as unset. */
  readonly isInjected?: (text: string) => boolean;
}

/** A process that reads settings. */
export type ProcessName = 'gateway' | 'worker' | 'mailbox';

/** What the reference page says about one setting. */
export interface SettingInfo {
  /** Name of the environment variable. */
  readonly name: string;
  /** The text that is used when the variable is unset; `undefined` for none. */
  readonly default: string | undefined;
  /** What the setting is for, in one sentence. */
  readonly meaning: string;
  /** See {@link SettingKind.allowed}. */
  readonly allowed: string;
  /** Whether its value must never be shown. */
  readonly secret: boolean;
  /** The only process that reads it, or `all`; left out where gateway and workers do. */
  readonly readBy?: ProcessName | 'all';
}

/** One environment variable: everything known about it. */
export interface Setting<Value> extends SettingInfo {
  /** See {@link SettingKind.schema}. */
  readonly schema: z.ZodType<Value, string>;
  /** See {@link SettingKind.explains}. */
  readonly explains?: boolean;
  /** See {@link SettingKind.isInjected}. */
  readonly isInjected?: (text: string) => boolean;
}

/** What the author of a setting writes down. */
export interface SettingText {
  readonly name: string;
  readonly meaning: string;
  /** See {@link SettingInfo.readBy}. */
  readonly readBy?: ProcessName | 'all';
}

/** A setting that always has a value. It is no secret: those have no default. */
export function setting<Value>(
  kind: SettingKind<Value>,
  text: SettingText & { readonly default: string },
): Setting<Value> {
  return { ...text, ...kind, secret: false };
}

/** A setting that may stay unset; its value is then `undefined`. */
export function optionalSetting<Value>(
  kind: SettingKind<Value>,
  text: SettingText & { readonly secret?: boolean },
): Setting<Value | undefined> {
  return { secret: false, ...text, ...kind, default: undefined };
}

/** Settings by the place where their values land: `table.http.port` becomes `config.http.port`. */
export type SettingsTable = Readonly<Record<string, Readonly<Record<string, Setting<unknown>>>>>;

/** The values of a {@link SettingsTable}, in its shape. */
export type ValuesOf<Table extends SettingsTable> = {
  readonly [Group in keyof Table]: {
    readonly [Key in keyof Table[Group]]: Table[Group][Key] extends Setting<infer Value> ? Value : never;
  };
};
