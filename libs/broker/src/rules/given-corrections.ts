import type { Corrections } from '@smart-support/contracts';

/** The corrections that were given; `null` if none. */
export function givenOnly({ category, urgency_score }: Corrections): Corrections | null {
  const given: Corrections = {
    ...(category ? { category } : {}),
    ...(typeof urgency_score === 'number' ? { urgency_score } : {}),
  };
  return Object.keys(given).length > 0 ? given : null;
}
