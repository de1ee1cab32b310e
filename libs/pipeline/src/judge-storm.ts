import {
  type Claim,
  type Decision,
  type StormArrival,
  type StormVerdict,
  type Storms,
  isSmartSupportError,
} from '@smart-support/contracts';

/**
 * Finds out whether a ticket is part of a storm. A vector that storms cannot take must not cost a ticket its agent: then its words speak for it.
 */
export async function judgeStorm(storms: Storms, claim: Claim, arrival: StormArrival): Promise<StormVerdict> {
  return storms.judge(claim, arrival).catch((error: unknown) => {
    if (arrival.embedding === null || !isSmartSupportError(error, 'invalid_input')) throw error;
    return storms.judge(claim, { ...arrival, embedding: null });
  });
}

/** What becomes of a decision by the verdict. */
export function judged(decision: Decision, storm: StormVerdict): Decision {
  const { id, similarity } = storm.incident ?? storm.nearest ?? {};
  const incident =
    id === undefined || similarity === undefined
      ? null
      : { id, similarity, ...(storm.grave === null ? {} : { grave: storm.grave }) };
  return { ...decision, storm, explanation: { ...decision.explanation, incident } };
}
