import { type InputIssue, invalid } from '@smart-support/contracts';
import type { ProcessName, Setting, SettingsTable, ValuesOf } from './setting';

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is read of an environment. */
export interface ReadOptions {
  /** Only what this process uses is read; everything else takes its default. All settings by default. */
  readonly process?: ProcessName;
  /** Called with the name of each setting whose value was injected ({@link Setting.isInjected}) and counts as unset. */
  readonly onIgnored?: (name: string) => void;
}

/** Characters of a wrong value that its message repeats. */
const SHOWN_CHARACTERS = 60;

/**
 * Reads every setting of a table. A variable that is unset or empty takes its default.
 * @throws SmartSupportError `invalid_config` with one issue per wrong variable; values of secrets are left out
 */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  env: Environment,
  options: ReadOptions = {},
): ValuesOf<Table> {
  const issues: InputIssue[] = [];
  const groups = Object.entries(table).map(([group, settings]) => {
    const values = Object.entries(settings).map(([key, setting]) => [
      key,
      readSetting(setting, textOf(setting, env, options), issues),
    ]);
    return [group, Object.freeze(Object.fromEntries(values))];
  });
  if (issues.length > 0) {
    throw invalid('configuration', issues, { code: 'invalid_config' });
  }
  return Object.freeze(Object.fromEntries(groups)) as ValuesOf<Table>;
}

function textOf(setting: Setting<unknown>, env: Environment, { process, onIgnored }: ReadOptions): string | undefined {
  const text = env[setting.name];
  if (!text || (process !== undefined && !isReadBy(process, setting))) return setting.default;
  if (!setting.isInjected?.(text)) return text;
  onIgnored?.(setting.name);
  return setting.default;
}

function isReadBy(process: ProcessName, { readBy }: Setting<unknown>): boolean {
  return readBy === undefined ? process !== 'mailbox' : readBy === 'all' || readBy === process;
}

function readSetting(setting: Setting<unknown>, text: string | undefined, issues: InputIssue[]): unknown {
  if (text === undefined) return undefined;
  const result = setting.schema.safeParse(text);
  if (result.success) return result.data;
  if (setting.explains) {
    issues.push({ path: setting.name, message: result.error.issues.map(({ message }) => message).join('; ') });
    return undefined;
  }
  const found = setting.secret ? 'the value (not shown: it is a secret)' : shown(text);
  issues.push({ path: setting.name, message: `${found} must be ${setting.allowed}` });
  return undefined;
}

/** The value in quotes, control characters and lone surrogates escaped, cut where it gets long. */
function shown(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS;
  return JSON.stringify(cut ? text.slice(0, SHOWN_CHARACTERS) : text) + (cut ? '...' : '');
}
