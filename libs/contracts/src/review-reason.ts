/**
 * Why a person should look at the category of a ticket; routing does not wait for it. `low_confidence`: too often wrong at this confidence.
 * `unlike_training`: like the texts from which the model learnt what is no ticket, so the confidence means little. `language`: not written in a language
 * that the models know. `too_short`: it says nothing about a matter, as a greeting does. `truncated`: the model read only its beginning.
 */
export const REVIEW_REASONS = ['low_confidence', 'unlike_training', 'language', 'too_short', 'truncated'] as const;

/** See {@link REVIEW_REASONS}. */
export type ReviewReason = (typeof REVIEW_REASONS)[number];
