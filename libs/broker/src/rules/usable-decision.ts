import { CATEGORIES, type Decision, SmartSupportError } from '@smart-support/contracts';

/**
 * Refuses a decision with an unknown category or an urgency outside [0, 1].
 * @throws SmartSupportError `invalid_input`
 */
export function refuseUnusable({ category, urgency_score }: Decision): void {
  if (CATEGORIES.includes(category) && urgency_score >= 0 && urgency_score <= 1) return;
  throw new SmartSupportError('invalid_input', 'A decision needs a known category and an urgency between 0 and 1');
}
