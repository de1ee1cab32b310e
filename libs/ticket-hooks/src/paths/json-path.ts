import { type JSONValue, JSONPathEnvironment, JSONPathError, type JSONPathQuery, jsonpath } from 'json-p3';

/** Longest text of a path. */
const MAX_LENGTH = 512;

/** Most ways in which the selectors of a path branch out, such as 4 for `$['a','b']['c','d']`. */
const MAX_BRANCHES = 8;

/** Most values that one path gives; the rest is not looked for. */
export const MAX_VALUES = 1000;

/** Deepest nesting that `..` goes into. What is deeper is not found. */
const MAX_DEPTH = 64;

const { selectors, expressions } = jsonpath;
type Expression = InstanceType<typeof expressions.FilterExpression>;

const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });
// `match` and `search` would run patterns on texts of strangers, which is not linear. The others are not needed.
environment.functionRegister.clear();

/**
 * A JSON path (RFC 9535), checked once and applied to many payloads. Looking takes time that is linear in the payload: a path has at most one `..` and one
 * filter, which compares single values only, and no functions.
 */
export class JsonPath {
  private constructor(private readonly query: JSONPathQuery) {}

  /**
   * @returns the path, or a sentence that says what is wrong with it
   */
  static compile(text: string): JsonPath | string {
    if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
    try {
      const query = environment.compile(text);
      return problemOf(query) ?? new JsonPath(query);
    } catch (error) {
      if (error instanceof JSONPathError) return `is no JSON path that is understood here: ${error.message}`;
      throw error;
    }
  }

  /** What stands at the path, at most {@link MAX_VALUES} values in the order of the payload. Never throws. */
  values(payload: unknown): readonly unknown[] {
    const found: unknown[] = [];
    try {
      for (const { value } of this.query.lazyQuery(payload as JSONValue)) {
        found.push(value);
        if (found.length === MAX_VALUES) break;
      }
    } catch {
      // Nested deeper than the limit, or than the stack: what was found before counts.
    }
    return found;
  }
}

/** What would make a path slow. */
function problemOf({ segments }: JSONPathQuery): string | undefined {
  if (segments.filter((segment) => segment.toString().startsWith('..')).length > 1) return 'must have at most one ".."';
  if (segments.reduce((branches, segment) => branches * segment.selectors.length, 1) > MAX_BRANCHES) {
    return `must branch out at most ${MAX_BRANCHES} times`;
  }
  const filters = segments.flatMap((segment) =>
    segment.selectors.filter((selector) => selector instanceof selectors.FilterSelector),
  );
  if (filters.length > 1) return 'must have at most one filter';
  if (!filters.every(({ expression }) => comparesSingleValues(expression))) {
    return 'must have no "..", "*" or slice in its filter';
  }
  return undefined;
}

function comparesSingleValues(expression: Expression): boolean {
  if (expression instanceof expressions.FilterQuery) return expression.path.singularQuery();
  if (expression instanceof expressions.LogicalExpression) return comparesSingleValues(expression.expression);
  if (expression instanceof expressions.PrefixExpression) return comparesSingleValues(expression.right);
  if (expression instanceof expressions.InfixExpression) {
    return comparesSingleValues(expression.left) && comparesSingleValues(expression.right);
  }
  return expression instanceof expressions.FilterExpressionLiteral;
}
