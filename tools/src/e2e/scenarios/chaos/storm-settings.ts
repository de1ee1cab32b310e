import { SETTINGS } from '@smart-support/config';

/**
 * The settings of storms in which a run differs from the engine's defaults. A window that is shorter than the time in which the ordinary
 * texts come round again, so that nothing but the planted storms is one; and so little patience that incidents go quiet, and the same
 * outages come back to them, within a run. A suspected incident never opens by itself: the audit knows which tickets are alike, not which bursts are
 * improbable, and such an incident may have everyday reports of failures among its founders.
 */
export const STORM_ENVIRONMENT = {
  STORM_WINDOW_SECONDS: '30',
  STORM_QUIET_SECONDS: '15',
  STORM_SUSPECTED: 'report',
} as const;

/** The same, as the audit needs it. */
export const STORM_RULES = {
  windowMs: 1000 * Number(STORM_ENVIRONMENT.STORM_WINDOW_SECONDS),
  quietMs: 1000 * Number(STORM_ENVIRONMENT.STORM_QUIET_SECONDS),
  /** Strictly more requesters than this open an incident: the default, which is left alone. */
  ticketThreshold: Number(SETTINGS.find(({ name }) => name === 'STORM_TICKET_THRESHOLD')?.default),
} as const;
