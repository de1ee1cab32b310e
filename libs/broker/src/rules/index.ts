export { arrivedEntry, DECISION_KINDS, TICK_MS, selfConfirming, suspectedEntry } from './storms';
export { deathNumber, retryDelayMs } from './dead-letters';
export {
  doubtReasons,
  incidentNumber,
  memberCursor,
  memberPlace,
  UPDATED_EVERY_MS,
  incidentTitle,
  onlyMember,
} from './incidents';
export { givenOnly, urgentEventHead, urgentEventId, refuseUnusable, waitingKey } from './decisions';
export { agentCannotTake, amended, mustBeAllowed, noOtherAgent, notAllowed } from './ticket-actions';
export { mostOfDomain, newRecord, namesOf } from './admission';
export {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  REQUESTER_WIDTH,
  SECOND_WIDTH,
  STATE_WIDTH,
  detailsOf,
  requesterFingerprint,
  secondBytes,
  secondOf,
  stateOf,
  type TicketColumns,
  type TicketStates,
} from './ticket-columns';
export {
  countTickets,
  listTickets,
  type ColumnsWanted,
  type StatesRead,
  type TicketIndexReader,
} from './ticket-search';
