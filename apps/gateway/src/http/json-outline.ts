import { HttpProblem, MALFORMED } from './problem';

/** Deepest nesting of arrays and objects in a ticket or another body. No call needs more than three levels. */
export const MAX_JSON_DEPTH = 32;

/** Most values in a ticket or another body, names of fields included: twice what 64 KiB of `metadata` with short names have. */
export const MAX_JSON_VALUES = 16_384;

/** A ticket whose bytes exceed its limit this many times is too large even if each of its characters is written as `\u0000`. */
const LONGEST_ESCAPE = 6;

/** One top-level element of a batch: where its bytes are, or why they are not parsed. */
export interface OutlinedElement {
  readonly start: number;
  readonly end: number;
  readonly refusal: HttpProblem | undefined;
}

/** What a body may be. */
export interface OutlineLimits {
  /** Most elements of a body that is an array of tickets; left out where the body is one value. */
  readonly elements?: number;
  /** Most bytes of an element once its escapes are read: here one is refused that is too long even if all of it is escapes. */
  readonly elementBytes?: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Counts the nesting and the values of JSON while its bytes arrive, before anything is built of them, and finds the elements of a batch, so that
 * each can be parsed by itself. It does not validate: what it passes still goes through `JSON.parse`, which is as fast as no parser that streams is, and
 * cheap within these limits. Linear in the bytes, with constant memory but for the elements.
 */
export class JsonOutline {
  /** The elements of a batch that have ended. */
  readonly elements: OutlinedElement[] = [];
  private offset = 0;
  /** Nesting inside the value or the element; the array of a batch is not counted. */
  private depth = 0;
  private values = 0;
  private inString = false;
  private isEscaped = false;
  private inScalar = false;
  private refusal: HttpProblem | undefined;
  /** Of a batch: `begin` before its array, `inside`, `end` behind it. */
  private where: 'begin' | 'inside' | 'end';
  private elementStart = 0;
  private isBlank = true;

  constructor(private readonly limits: OutlineLimits = {}) {
    this.where = limits.elements === undefined ? 'inside' : 'begin';
  }

  /** @throws HttpProblem 400 for what cannot be JSON or is nested too deeply, 413 for too many values or elements */
  write(chunk: Uint8Array): void {
    const { length } = chunk;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] as number;
      if (this.inString) at = this.readString(chunk, at);
      else if (isSpace(byte)) this.inScalar = false;
      else this.readSign(byte, this.offset + at);
    }
    this.offset += length;
  }

  /** @throws HttpProblem 400 if the array of a batch has not ended */
  end(): void {
    if (this.limits.elements !== undefined && this.where !== 'end') throw new HttpProblem(400, MALFORMED);
  }

  /** @returns where the string ends, or the end of the chunk */
  private readString(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let at = this.isEscaped ? from + 1 : from;
    for (; at < length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.inString = false;
        break;
      }
      // What stands behind it may be in the next chunk.
      if (byte === BACKSLASH) at += 1;
    }
    this.isEscaped = at > length;
    return at;
  }

  private readSign(byte: number, position: number): void {
    if (this.where !== 'inside') {
      this.readOutside(byte, position);
      return;
    }
    const isTop = this.limits.elements !== undefined && this.depth === 0;
    if (isTop && (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) {
      this.endElement(byte, position);
      return;
    }
    this.isBlank = false;
    const wasScalar = this.inScalar;
    this.inScalar = false;
    if (byte === QUOTE) {
      this.inString = true;
      this.countValue();
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      this.depth += 1;
      this.countValue();
      if (this.depth > MAX_JSON_DEPTH) this.refuse(400, `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels.`);
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.depth -= 1;
    } else if (byte !== COMMA && byte !== COLON) {
      this.inScalar = true;
      if (!wasScalar) this.countValue();
    }
  }

  private readOutside(byte: number, position: number): void {
    if (this.where === 'begin' && byte === BYTE_ORDER_MARK[position]) return;
    if (this.where === 'end') throw new HttpProblem(400, MALFORMED);
    if (byte !== OPEN_ARRAY) throw new HttpProblem(400, 'A batch must be a JSON array of tickets.');
    this.where = 'inside';
    this.beginElement(position + 1);
  }

  private endElement(byte: number, position: number): void {
    if (byte === CLOSE_OBJECT) throw new HttpProblem(400, MALFORMED);
    if (byte === CLOSE_ARRAY) this.where = 'end';
    const isEmptyArray = byte === CLOSE_ARRAY && this.isBlank && this.elements.length === 0;
    if (isEmptyArray) return;
    if (this.isBlank) throw new HttpProblem(400, MALFORMED);
    const { elements: most = Infinity, elementBytes = Infinity } = this.limits;
    if (this.elements.length >= most) {
      throw new HttpProblem(413, `A batch takes at most ${most} tickets; this one has more.`);
    }
    const start = this.elementStart;
    if (position - start > LONGEST_ESCAPE * elementBytes) {
      this.refusal ??= new HttpProblem(413, `This ticket is larger than ${elementBytes / 1024} KiB.`);
    }
    this.elements.push({ start, end: position, refusal: this.refusal });
    this.beginElement(position + 1);
  }

  private beginElement(start: number): void {
    this.elementStart = start;
    this.isBlank = true;
    this.inScalar = false;
    this.values = 0;
    this.refusal = undefined;
  }

  private countValue(): void {
    this.values += 1;
    if (this.values > MAX_JSON_VALUES) this.refuse(413, `The JSON has more than ${MAX_JSON_VALUES} values.`);
  }

  /** An element of a batch is refused by itself. */
  private refuse(status: number, detail: string): void {
    if (this.limits.elements === undefined) throw new HttpProblem(status, detail);
    this.refusal ??= new HttpProblem(status, detail);
  }
}
