import { invalid, issuesOf, rosterSchema, type AgentProfile, type InputIssue } from '@smart-support/contracts';

/**
 * Reads a roster file: `{"agents": [{"id", "name", "skills", "capacity", "status"}, ...]}`.
 * @param json - the file's content
 * @throws SmartSupportError `invalid_config`, with one issue for every problem found
 */
export function parseRoster(json: string): AgentProfile[] {
  const value = parseJson(json);
  const result = rosterSchema.safeParse(value);
  const issues = [...(result.success ? [] : issuesOf(result.error)), ...repeatedIds(value)];
  if (result.success && issues.length === 0) return result.data.agents;
  throw invalid('roster', issues, { code: 'invalid_config' });
}

function parseJson(json: string): unknown {
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own sentence quotes the file, which may be another one by mistake, such as one with secrets.
    throw invalid('roster', [{ path: '', message: 'is not JSON' }], { code: 'invalid_config' });
  }
}

/** Looked for in the raw value, so that they are named beside the problems of the schema and not only after those are mended. */
function repeatedIds(value: unknown): InputIssue[] {
  const agents: unknown = isObject(value) ? value['agents'] : undefined;
  if (!Array.isArray(agents)) return [];
  const seen = new Set<string>();
  const issues: InputIssue[] = [];
  agents.forEach((agent: unknown, index) => {
    const id = isObject(agent) ? agent['id'] : undefined;
    if (typeof id !== 'string') return;
    if (seen.has(id)) issues.push({ path: `agents.${index}.id`, message: `"${id}" is listed twice` });
    seen.add(id);
  });
  return issues;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
