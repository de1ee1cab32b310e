import { forbiddenStep, wasAdopted } from '../../../harness/history/ticket-history';
import type { Evidence } from './evidence';
import type { Finding } from './finding';
import { counted, finding, hadAgent, timesBecame } from './rule';

const ACCEPTING = [200, 202];
/** What a customer may be answered before being accepted, while something breaks. */
const PASSING = [0, 503];
/** Where a ticket may stand in the end. */
const ENDS = ['assigned', 'completed', 'waiting', 'suppressed'];

/** Every ticket was accepted, is still there, has one end, and was routed once at most. */
export function ticketsWereCaredFor(evidence: Evidence): readonly Finding[] {
  return [
    accepted(evidence),
    hasAnEnd(evidence),
    nothingLeft(evidence),
    routedOnce(evidence),
    livedByTheTable(evidence),
  ];
}

function accepted({ submitted }: Evidence): Finding {
  const tries = submitted.flatMap(({ answers }) => answers);
  const refused = tries.filter((status) => !ACCEPTING.includes(status)).length;
  const against = submitted.flatMap(({ id, answers }) => [
    ...(answers.some((status) => ACCEPTING.includes(status)) ? [] : [`${id}: never accepted`]),
    ...answers.filter((status) => ![...ACCEPTING, ...PASSING].includes(status)).map((status) => `${id}: ${status}`),
  ]);
  const figures = `${counted(submitted.length, 'ticket')}, ${refused} answers of 503 or none, after which they were sent again`;
  return finding('every ticket is accepted', figures, against);
}

function hasAnEnd({ submitted, ended }: Evidence): Finding {
  const counts = new Map<string, number>();
  const against: string[] = [];
  for (const { id } of submitted) {
    const status = ended.get(id)?.status ?? 'lost';
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (!ENDS.includes(status)) against.push(`${id}: ${status}`);
  }
  const figures = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  return finding('none is lost, every one has an end', figures, against);
}

function nothingLeft({ left }: Evidence): Finding {
  const against = [...left].map(([place, count]) => `${place}: ${count}`);
  const figures = against.length === 0 ? 'lanes, lines, desks, dead letters and outbox are empty' : 'something is left';
  return finding('nothing is left undone', figures, against);
}

function routedOnce(evidence: Evidence): Finding {
  const against: string[] = [];
  let routed = 0;
  for (const { id } of evidence.submitted) {
    const [assigned, completed] = ['assigned', 'completed'].map((status) => timesBecame(evidence, id, status)) as [
      number,
      number,
    ];
    const history = evidence.histories.get(id);
    if (hadAgent(evidence, id)) routed += 1;
    if (assigned > 1) against.push(`${id}: given to an agent ${assigned} times`);
    if (completed > 1) against.push(`${id}: completed ${completed} times`);
    if (history && evidence.inProcess.has(id) && !wasAdopted(history))
      against.push(`${id}: in-process and by the queue`);
  }
  return finding('none is routed twice', `${counted(routed, 'ticket')} given to an agent, each once`, against);
}

function livedByTheTable({ histories, submitted }: Evidence): Finding {
  const against = submitted.flatMap(({ id }) => {
    const history = histories.get(id);
    const step = history && forbiddenStep(history);
    return step === undefined ? [] : [`${id}: ${step}`];
  });
  const steps = submitted.reduce((sum, { id }) => sum + (histories.get(id)?.steps.length ?? 0), 0);
  return finding('every change of status is allowed', `${steps} changes in the append-only file`, against);
}
