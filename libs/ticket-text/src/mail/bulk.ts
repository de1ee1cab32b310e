/** Words of no language: attachments, keys and signatures that were pasted as text. */
const CODED_RUN = /[\w+/=-]{101,}/g;
const LONGEST_CODED_LINE = 200;
/** A line of an attachment: mail programs break it at 60 to 76 characters. */
const CODED_LINE = /^\s*[\w+/=]{40,100}\s*$/;
const HAS_DIGIT_OR_SIGN = /[\d+/=]/;
const FEWEST_CODED_LINES = 3;

/** Any other run without a blank, such as an address with its parameters or a line of JSON, keeps its beginning. Other scripts write without blanks. */
const LONG_RUN = /([^\P{ASCII}\s]{160})[^\P{ASCII}\s]+/gu;

const FRAME =
  /^\s*(?:at\s+(?:async\s+|new\s+)?(?!\d)[\w$.<>[\]/\\][\w$.<>[\] /\\]*(?:\(|:\d|$)|File\s"[^"]{1,200}",\sline\s\d+|\.\.\.\s\d+\s(?:more|common)|#\d+\s+(?:0x|in\s\S|[\w$:~<>.]+\s?\()|from\s\S+:\d+:in\s|goroutine\s\d+)/;
const INDENTED = /^\s{2,}\S/;
/** Frames that are kept of each stack trace: the failing place stands in the first ones. */
const FRAMES_KEPT = 4;
const LOOKED_AT = 240;

/** Takes out what fills a text without saying anything: attachments in base64, long runs without a blank, and all but the first lines of stack traces. */
export function withoutBulk(lines: readonly string[]): string[] {
  return withoutFrames(withoutCodedLines(lines)).map(shortRuns);
}

function shortRuns(line: string): string {
  if (line.length <= 100) return line;
  return line
    .replace(CODED_RUN, (run) => (run.length > LONGEST_CODED_LINE || HAS_DIGIT_OR_SIGN.test(run) ? '' : run))
    .replace(LONG_RUN, '$1');
}

function withoutCodedLines(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let coded: string[] = [];
  const endRun = (): void => {
    if (coded.length < FEWEST_CODED_LINES || !coded.some((line) => HAS_DIGIT_OR_SIGN.test(line))) kept.push(...coded);
    coded = [];
  };
  for (const line of lines) {
    if (line.length <= LONGEST_CODED_LINE && CODED_LINE.test(line)) {
      coded.push(line);
    } else {
      endRun();
      kept.push(line);
    }
  }
  endRun();
  return kept;
}

function withoutFrames(lines: readonly string[]): string[] {
  let frames = 0;
  return lines.filter((line) => {
    const beginning = line.slice(0, LOOKED_AT);
    if (FRAME.test(beginning)) {
      frames += 1;
      return frames <= FRAMES_KEPT;
    }
    // Python shows the source below each frame.
    if (frames > 0 && INDENTED.test(beginning)) return frames <= FRAMES_KEPT;
    frames = 0;
    return true;
  });
}
