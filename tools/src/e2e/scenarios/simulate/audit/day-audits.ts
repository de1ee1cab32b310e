import { sum } from '../../../../train/metrics';
import { type Finding, counted, finding, runAudits } from '../../../audit/finding';
import { INCIDENT_AUDITS } from '../../../audit/incident-audits';
import { TICKET_AUDITS } from '../../../audit/ticket-audits';
import type { DayEvidence } from './day-evidence';
import { auditEngine } from './engine-audits';
import { auditStorms } from './storm-audits';

/** Runs the audits of every scenario, and those of this day. */
export function auditDay(evidence: DayEvidence): readonly Finding[] {
  return [
    ...auditStorms(evidence),
    ...auditEngine(evidence),
    allIdle(evidence),
    finding(
      'the gateway answers what is stored',
      'tickets, incidents, members and loads over HTTP',
      evidence.wrongAnswers,
    ),
    allDelivered(evidence),
    ...runAudits(evidence, [...TICKET_AUDITS, ...INCIDENT_AUDITS]),
  ];
}

function allIdle({ left, ledger }: DayEvidence): Finding {
  const tries = ledger.flatMap(({ answers }) => answers);
  const refused = tries.filter(({ status }) => status !== 200 && status !== 202).length;
  const figures = `${counted(ledger.length, 'ticket')} sent, ${refused} answers of 503 or none, after which they were sent again; lanes, lines, desks, dead letters and outbox`;
  return finding(
    'nothing is left undone',
    figures,
    [...left].map(([place, count]) => `${place}: ${count}`),
  );
}

function allDelivered({ webhooks }: DayEvidence): Finding {
  const tries = sum(webhooks.map((webhook) => webhook.tries));
  return finding('webhooks are delivered', `${counted(webhooks.length, 'event')} in ${tries} tries`, [
    ...(webhooks.length > 0 ? [] : ['there is no webhook']),
    ...webhooks.filter(({ delivered }) => delivered === 0).map(({ id }) => `${id}: never delivered`),
  ]);
}
