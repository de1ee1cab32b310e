/** Urgency strictly above which an alert is due: the default of the engine. */
export const ALERT_THRESHOLD = 0.8;
