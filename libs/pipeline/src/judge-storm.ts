import {
  type Claim,
  type Decision,
  type Storms,
  type StormArrival,
  isSmartSupportError,
} from '@smart-support/contracts';

/**
 * Decides about a ticket as part of a storm: what it is noted as, and what becomes of the decision by that. A vector that storms cannot take
 * must not cost a ticket its agent: then its words speak for it.
 */
export async function judgeStorm(
  storms: Storms,
  claim: Claim,
  decision: Decision,
  arrival: StormArrival,
): Promise<Decision> {
  const storm = await storms.judge(claim, arrival).catch((error: unknown) => {
    if (arrival.embedding === null || !isSmartSupportError(error, 'invalid_input')) throw error;
    return storms.judge(claim, { ...arrival, embedding: null });
  });
  const { id, similarity } = storm.incident ?? storm.nearest ?? {};
  const incident =
    id === undefined || similarity === undefined
      ? null
      : { id, similarity, ...(storm.routed_signal === null ? {} : { severe_signal: storm.routed_signal }) };
  const kept_out = arrival.keptOut ?? storm.kept_out;
  const explanation = { ...decision.explanation, incident, storm_exclusion: kept_out };
  return { ...decision, storm: { ...storm, kept_out }, explanation };
}
