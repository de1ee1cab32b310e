/** Largest body of every call but the batch, and so of one ticket, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Largest body of `POST /tickets`, in bytes. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Most tickets in one `POST /tickets`. */
export const MAX_BATCH_TICKETS = 100;

/** For how long an `Idempotency-Key` names the ticket it came with, in milliseconds. */
export const IDEMPOTENCY_KEY_TTL_MS = 24 * 60 * 60 * 1000;

/** Items on one page of a listing. */
export const PAGE_SIZE = 100;

/** Urgent tickets that may be claimed in a row while a normal one is queued. */
export const MAX_URGENT_IN_A_ROW = 7;

/** Most members that an event about an incident names. */
export const MAX_EVENT_MEMBERS = 50;
