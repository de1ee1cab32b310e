import { type Row, table } from '../../../train/report/markdown';
import type { AnswerCounts } from '../../harness/ledger';
import { STORM_RULES } from './storm-settings';
import { describeFault } from './plan';
import { REPORTS } from './traffic/storms';
import type { RunReport } from './run-report';

const STORES: Readonly<Record<RunReport['options']['topology'], string>> = {
  single: 'Redis with an append-only file that is synced at every write',
  sentinel: 'Redis as a master with two replicas that three sentinels watch',
  cluster: 'Redis as a cluster of three masters with a replica each',
};

/** The report for people, in Markdown. */
export function renderReport(report: RunReport): string {
  const { options, machine, startedAt, seconds, passed, isJudged } = report;
  const verdict = passed ? 'everything holds' : 'NOT everything holds';
  return [
    `# Chaos: ${options.act}, seed ${options.seed}: ${isJudged ? verdict : 'losses are counted, not judged'}`,
    '',
    `${startedAt}, ${seconds.toFixed(0)} s, ${machine}.`,
    `${report.numbers['tickets sent'] ?? 0} tickets at ${options.rate} a second at most, ${options.workers} workers with one inference thread each, ` +
      `a lease of ${options.leaseMs} ms, ${STORES[options.topology]}; answers wait for ${options.waitReplicas} replicas.`,
    `Among the tickets are ${options.storms} storms of ${REPORTS} reports each, some of the same outage as one before; similar tickets count together for ` +
      `${STORM_RULES.windowMs / 1000} s, incidents are quiet after ${STORM_RULES.quietMs / 1000} s. Operators resolve some of them and reject others.`,
    '',
    ...section('What must hold', findings(report)),
    ...section('Who was answered what', answers(report)),
    ...section('Numbers', tableLines(['what', 'how many'], Object.entries(report.numbers))),
    ...section('Left over when nothing changed any more', leftOver(report)),
    ...section('What went wrong on purpose', faults(report)),
  ].join('\n');
}

/** A line for each finding, for the terminal. */
export function renderVerdict({ findings: all }: RunReport): string {
  return all
    .map(({ name, count, examples }) => {
      const cases = examples.map((example) => `\n       ${example}`).join('');
      return `${count === 0 ? 'ok  ' : 'FAIL'} ${name}: ${count}${cases}`;
    })
    .join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

function findings({ findings: all }: RunReport): string[] {
  return tableLines(
    ['', 'what', 'cases', 'how it was looked at', 'the first few'],
    all.map(({ name, how, count, examples }) => [
      count === 0 ? 'ok' : '**FAIL**',
      name,
      count,
      how,
      examples.join('; '),
    ]),
  );
}

function answers({ answers: all, phases }: RunReport): string[] {
  const names = Object.keys(all.counts).toSorted();
  const row = (name: string, { counts, longestMs, longestBatchMs }: AnswerCounts): (string | number)[] => [
    name,
    ...names.map((answer) => counts[answer] ?? 0),
    longestMs.toFixed(0),
    longestBatchMs.toFixed(0),
  ];
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  return [
    '202: by the queue. 200: in the process of the gateway. 503: try again. The others: no answer at all. Each stands where its request was sent.',
    '',
    table(
      ['', ...names, 'longest, ms', 'longest batch, ms'],
      [
        ...phases.map((phase) => row(`${phase.name} (${seconds(phase.fromMs)} to ${seconds(phase.toMs)} s)`, phase)),
        row('in all', all),
      ],
    ),
  ];
}

function leftOver({ left }: RunReport): string[] {
  return tableLines(['where', 'how many'], Object.entries(left));
}

function faults({ plan, happened }: RunReport): string[] {
  if (plan.length === 0) return [];
  const kinds = Object.entries(happened).map(([kind, count]) => [
    kind,
    plan.filter((fault) => fault.kind === kind).length,
    count,
  ]);
  return [
    table(['what', 'planned', 'happened'], kinds),
    '',
    'The plan comes from the seed alone and can be had again; which ticket it meets where cannot, because processes run as they are let.',
    'The gateway is never killed while it holds answers that Redis has not taken over yet: what it answers in-process lives only as long',
    'as its process until then, which is a decision of the design and no fault to be found here.',
    '',
    ...plan.map((fault) => `- ${describeFault(fault)}`),
  ];
}

function tableLines(head: readonly string[], rows: readonly Row[]): string[] {
  return rows.length === 0 ? [] : [table(head, rows)];
}
