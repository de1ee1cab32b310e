import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** From before any spec replaces it. */
const nativeExec = RegExp.prototype.exec;

/** Where groups begin and end, the latest first. */
type Marks =
  | { readonly group: AST.CapturingGroup; readonly begins: boolean; readonly at: number; readonly earlier: Marks }
  | undefined;

/** A node of the graph that a pattern is compiled to; the end of the pattern is `undefined`. */
type Step =
  | { readonly kind: 'pass'; readonly fits: (character: string) => boolean; readonly next: Step }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean; readonly next: Step }
  | { readonly kind: 'try'; ways: readonly Step[] }
  | { readonly kind: 'look'; readonly ahead: Step; readonly negate: boolean; readonly next: Step }
  | { readonly kind: 'mark'; readonly group: AST.CapturingGroup; readonly begins: boolean; readonly next: Step }
  | { readonly kind: 'repeat'; readonly group: AST.CapturingGroup; readonly next: Step }
  | undefined;

/** No search that is linear in its text takes more. */
const MOST_STEPS = 20_000_000;

function compileAlternatives(alternatives: readonly AST.Alternative[], flags: string, next: Step): Step {
  const ways = alternatives.map(({ elements }) =>
    elements.reduceRight<Step>((after, element) => compile(element, flags, after), next),
  );
  return ways.length === 1 ? ways[0] : { kind: 'try', ways };
}

function compile(element: AST.Element, flags: string, next: Step): Step {
  switch (element.type) {
    case 'Group':
      return compileAlternatives(element.alternatives, flags, next);
    case 'CapturingGroup': {
      const end: Step = { kind: 'mark', group: element, begins: false, next };
      return {
        kind: 'mark',
        group: element,
        begins: true,
        next: compileAlternatives(element.alternatives, flags, end),
      };
    }
    case 'Quantifier':
      return compileQuantifier(element, flags, next);
    case 'Assertion':
      return compileAssertion(element, flags, next);
    case 'Backreference':
      return { kind: 'repeat', group: [element.resolved].flat()[0]!, next };
    default:
      return { kind: 'pass', fits: fitting(element.raw, flags), next };
  }
}

function compileQuantifier({ element, min, max, greedy }: AST.Quantifier, flags: string, next: Step): Step {
  const ways = (once: Step): readonly Step[] => (greedy ? [once, next] : [next, once]);
  let step = next;
  if (max === Infinity) {
    const loop: Step = { kind: 'try', ways: [] };
    loop.ways = ways(compile(element, flags, loop));
    step = loop;
  } else {
    for (let count = min; count < max; count += 1) step = { kind: 'try', ways: ways(compile(element, flags, step)) };
  }
  for (let count = 0; count < min; count += 1) step = compile(element, flags, step);
  return step;
}

function compileAssertion(assertion: AST.Assertion, flags: string, next: Step): Step {
  if (assertion.kind === 'lookbehind' && !assertion.alternatives.every(isOneCharacter)) {
    throw new Error(`cannot count the steps of ${assertion.raw}`);
  }
  if (assertion.kind === 'lookahead') {
    const ahead = compileAlternatives(assertion.alternatives, flags, undefined);
    return { kind: 'look', ahead, negate: assertion.negate, next };
  }
  const pattern = new RegExp(assertion.raw, `${flags}y`);
  const holds = (text: string, at: number): boolean => {
    pattern.lastIndex = at;
    return nativeExec.call(pattern, text) !== null;
  };
  return { kind: 'assert', holds, next };
}

const isOneCharacter = ({ elements: [element, ...others] }: AST.Alternative): boolean =>
  others.length === 0 && /^Character/.test(element?.type ?? '');

function fitting(raw: string, flags: string): (character: string) => boolean {
  const pattern = new RegExp(`^${raw}$`, flags.replace('m', ''));
  const known = new Map<string, boolean>();
  return (character) => {
    const fits = known.get(character) ?? nativeExec.call(pattern, character) !== null;
    known.set(character, fits);
    return fits;
  };
}

function capturedBy(group: AST.CapturingGroup, marks: Marks, text: string): string {
  let to = 0;
  for (let mark = marks; mark; mark = mark.earlier) {
    if (mark.group !== group) continue;
    if (mark.begins) return text.slice(mark.at, to);
    to = mark.at;
  }
  return '';
}

/** Counts the steps of one pattern: a character passed or looked at, a way tried, a way given up. */
class StepCounter {
  private readonly program: Step;
  private readonly unicode: boolean;
  /** Whether it is tried at one place only. */
  private readonly anchored: boolean;
  private steps = 0;

  constructor(private readonly pattern: RegExp) {
    const { source, flags, unicode, sticky, multiline } = pattern;
    this.unicode = unicode;
    const { alternatives } = new RegExpParser().parsePattern(source, undefined, undefined, { unicode });
    const beginsAtStart = ({ elements: [first] }: AST.Alternative): boolean =>
      first?.type === 'Assertion' && first.kind === 'start';
    this.anchored = sticky || (!multiline && alternatives.every(beginsAtStart));
    this.program = compileAlternatives(alternatives, flags.replace(/[gyd]/g, ''), undefined);
  }

  /** @param found - what the engine has found: this has to find the same */
  count(text: string, from: number, found: RegExpExecArray | null): number {
    this.steps = 0;
    for (let start = from; start <= text.length; start += 1) {
      const end = this.match(this.program, text, start);
      if (end !== undefined || this.anchored || start === text.length) {
        const expected = found ? found.index + found[0].length : undefined;
        if (end !== expected) throw new Error(`${String(this.pattern)} ends at ${end} instead of ${expected}`);
        break;
      }
    }
    return this.steps;
  }

  /** The end of a match that begins at a position. */
  private match(program: Step, text: string, start: number): number | undefined {
    const waiting: { step: Step; at: number; marks: Marks }[] = [{ step: program, at: start, marks: undefined }];
    for (let state = waiting.pop(); state; state = waiting.pop()) {
      let { step, at, marks } = state;
      for (;;) {
        if ((this.steps += 1) > MOST_STEPS)
          throw new Error(`${String(this.pattern)} takes more than ${MOST_STEPS} steps`);
        if (!step) return at;
        if (step.kind === 'try') {
          for (const way of step.ways.slice(1).reverse()) waiting.push({ step: way, at, marks });
          step = step.ways[0];
          continue;
        }
        if (step.kind === 'mark') {
          marks = { group: step.group, begins: step.begins, at, earlier: marks };
        } else if (step.kind === 'assert') {
          if (!step.holds(text, at)) break;
        } else if (step.kind === 'look') {
          if ((this.match(step.ahead, text, at) === undefined) !== step.negate) break;
        } else if (step.kind === 'repeat') {
          const captured = capturedBy(step.group, marks, text);
          if (!text.startsWith(captured, at)) break;
          at += captured.length;
        } else {
          if (at >= text.length) break;
          const character = this.unicode ? String.fromCodePoint(text.codePointAt(at)!) : text[at]!;
          if (!step.fits(character)) break;
          at += character.length;
        }
        step = step.next;
      }
    }
    return undefined;
  }
}

const counters = new Map<string, StepCounter>();

function patternSteps(pattern: RegExp, text: string, from: number, found: RegExpExecArray | null): number {
  const key = String(pattern);
  const counter = counters.get(key) ?? new StepCounter(pattern);
  counters.set(key, counter);
  return counter.count(text, from, found);
}

const isMark = fitting('\\p{M}', 'u');

/** Composing sorts the marks on each letter by insertion. */
const compositionSteps = (text: string): number => {
  let steps = text.length;
  for (let run = 0, at = 0; at <= text.length; at += 1) {
    if (isMark(text[at] ?? '')) run += 1;
    else {
      steps += run ** 2;
      run = 0;
    }
  }
  return steps;
};

/**
 * What a piece of work on texts costs: the steps that a matcher which backtracks takes for every pattern, with those it gives
 * up, and the characters that searches and compositions pass. It does not depend on the machine.
 * Not by `jest.spyOn`, which keeps every call.
 */
export function countSteps(work: () => void): number {
  let steps = 0;
  const { indexOf, normalize } = String.prototype;
  let counting = false;
  const counted = (count: () => number): void => {
    if (counting) return;
    counting = true;
    steps += count();
    counting = false;
  };
  RegExp.prototype.exec = function (input) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = nativeExec.call(this, input);
    counted(() => patternSteps(this, input, from, found));
    return found;
  };
  String.prototype.indexOf = function (wanted, from = 0) {
    const found = indexOf.call(this, wanted, from);
    counted(() => (found === -1 ? this.length : found) - from + 1);
    return found;
  };
  String.prototype.normalize = function (form?: string) {
    counted(() => compositionSteps(String(this)));
    return normalize.call(this, form);
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = nativeExec;
    Object.assign(String.prototype, { indexOf, normalize });
  }
  return steps;
}
