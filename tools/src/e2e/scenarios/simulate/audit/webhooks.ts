import type { Evidence } from './evidence';
import type { Finding } from './finding';
import { counted, finding, timesBecame, wasRouted } from './rule';

/** Alerts came for whom they were due, once, and everything was signed. */
export function webhooksWereRight(evidence: Evidence): readonly Finding[] {
  return [alertsOnce(evidence), noAlertsOfSuppressed(evidence), signed(evidence)];
}

function alertsOnce(evidence: Evidence): Finding {
  const { submitted, ended, webhooks, alertThreshold } = evidence;
  const alerts = webhooks.filter(({ type }) => type === 'ticket.urgent');
  const ids = new Map<string, string[]>();
  for (const { id, about, delivered } of alerts) if (delivered > 0) ids.set(about, [...(ids.get(about) ?? []), id]);
  const isDue = (id: string): boolean => (ended.get(id)?.urgency ?? 0) > alertThreshold && wasRouted(evidence, id);
  const due = submitted.filter(({ id }) => isDue(id));
  const against = [
    ...due.filter(({ id }) => !ids.has(id)).map(({ id }) => `${id}: no alert`),
    ...[...ids].filter(([, all]) => all.length > 1).map(([id, all]) => `${id}: ${all.length} alerts`),
    ...[...ids.keys()]
      .filter((id) => wasRouted(evidence, id) && !isDue(id))
      .map((id) => `${id}: an alert without cause`),
    ...alerts.filter(({ bodies }) => bodies > 1).map(({ id, bodies }) => `${id}: ${bodies} bodies`),
  ];
  const figures = `${due.length} routed tickets above ${alertThreshold}, ${ids.size} alerts`;
  return finding('alerts come once for each routed ticket above the threshold', figures, against);
}

function noAlertsOfSuppressed(evidence: Evidence): Finding {
  const { submitted, ended, webhooks, alertThreshold } = evidence;
  const suppressed = submitted.filter(
    ({ id }) => timesBecame(evidence, id, 'suppressed') > 0 && !wasRouted(evidence, id),
  );
  const ids = new Set(suppressed.map(({ id }) => id));
  const against = webhooks.filter(({ type, about }) => type === 'ticket.urgent' && ids.has(about)).map(({ id }) => id);
  const urgent = suppressed.filter(({ id }) => (ended.get(id)?.urgency ?? 0) > alertThreshold).length;
  const figures = `${counted(suppressed.length, 'ticket')} only ever suppressed, ${urgent} of them above ${alertThreshold}, ${counted(against.length, 'alert')}`;
  return finding('none comes for suppressed tickets', figures, against);
}

function signed({ webhooks, refusedWebhooks }: Evidence): Finding {
  const tries = webhooks.reduce((sum, each) => sum + each.tries, 0);
  const against = [
    ...(refusedWebhooks === 0 ? [] : [`${refusedWebhooks} without a good signature`]),
    ...(webhooks.length > 0 ? [] : ['no webhook came at all']),
    ...webhooks.filter(({ delivered }) => delivered === 0).map(({ id }) => `${id}: never delivered`),
  ];
  const figures = `${counted(webhooks.length, 'event')} in ${tries} tries, every signature verified`;
  return finding('webhooks are signed and delivered', figures, against);
}
