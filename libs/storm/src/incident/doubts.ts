import type { JoiningDoubt, StormVerdict } from '@smart-support/contracts';
import type { IncidentChange } from '../outcome';
import { LOW_SIMILARITY_SHARE } from '../rules';
import { embeddingGroup } from '../state/ticket-vectors';
import type { StormDetector } from '../storm-detector';

/** The part of a detector that doubts depend on. */
type Known = Pick<StormDetector, 'incidents' | 'entryOf' | 'rulesInForce'>;

/**
 * A change with the doubts about the members that joined by it.
 * @param known - the detector right after the entry that made the change
 */
export function withDoubts(change: IncidentChange, known: Known): IncidentChange {
  const joined = change.joined.map((one) => {
    const doubts = doubtsOf(known, change.incident_id, one.ticket_id);
    return doubts.length === 0 ? one : { ...one, doubts };
  });
  return { ...change, joined };
}

/** The verdict about a ticket with the doubts about its membership. */
export function verdictWithDoubts(known: Known & Pick<StormDetector, 'verdictOf'>, ticketId: string): StormVerdict {
  const verdict = known.verdictOf(ticketId);
  const doubts = verdict.incident ? doubtsOf(known, verdict.incident.id, ticketId) : [];
  return verdict.incident && doubts.length > 0 ? { ...verdict, incident: { ...verdict.incident, doubts } } : verdict;
}

/** Doubts about a member that do not depend on its category; none for a ticket whose entry is forgotten. */
function doubtsOf(known: Known, incidentId: string, ticketId: string): JoiningDoubt[] {
  const incident = known.incidents.get(incidentId);
  const member = incident?.members.get(ticketId);
  const entry = member && known.entryOf(ticketId);
  if (!incident || !entry) return [];
  const { embedding, is_machine: isMachine, severe_signal } = entry;
  const group = embedding && embeddingGroup(embedding.model, embedding.numbers);
  const isDegraded = !incident.attraction.towards.some(({ embeddings }) => group !== null && embeddings.has(group));
  const threshold = incident.thresholdFor({ isDegraded, isMachine }, known.rulesInForce);
  const doubts: JoiningDoubt[] = [];
  if (member.similarity < threshold + LOW_SIMILARITY_SHARE * (1 - threshold)) doubts.push('low_similarity');
  // Whether it is routed for the signal or not.
  if (severe_signal !== null) doubts.push('severe_signal');
  return doubts;
}
