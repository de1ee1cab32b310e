import { SmartSupportError, rosterSchema, type AgentProfile, type InputIssue } from '@smart-support/contracts';

/**
 * Reads a roster file: `{"agents": [{"id", "name", "skills", "capacity", "status"}, ...]}`.
 * @param json - the file's content
 * @throws SmartSupportError `invalid_config`, with one issue for every problem found
 */
export function parseRoster(json: string): AgentProfile[] {
  const value = parseJson(json);
  const result = rosterSchema.safeParse(value);
  if (result.success) return result.data.agents;
  const issues: InputIssue[] = result.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }));
  // The schema looks for repeated ids only once everything else is right.
  for (const repeat of repeatedIds(value)) {
    if (!issues.some(({ path }) => path === repeat.path)) issues.push(repeat);
  }
  throw refusal(issues);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw refusal([{ path: '', message: `is not JSON (${(error as Error).message})` }], error);
  }
}

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

function refusal(issues: readonly InputIssue[], cause?: unknown): SmartSupportError {
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new SmartSupportError('invalid_config', `The roster is not valid: ${list}`, { cause, issues });
}
