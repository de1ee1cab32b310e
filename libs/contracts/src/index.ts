export { CATEGORIES, LANES, type Category, type Lane } from './categories';
export {
  IDEMPOTENCY_KEY_TTL_MS,
  MAX_BATCH_BYTES,
  MAX_BATCH_TICKETS,
  MAX_BODY_BYTES,
  MAX_EVENT_MEMBERS,
  MAX_URGENT_IN_A_ROW,
  PAGE_SIZE,
} from './limits';
export {
  INCIDENT_LIFE,
  INCIDENT_STATUSES,
  OPERATOR_ACTIONS,
  TICKET_ACTIONS,
  TICKET_LIFE,
  TICKET_STATUSES,
  incidentMayBecome,
  operatorMay,
  personMay,
  ticketMayBecome,
  type IncidentStatus,
  type OperatorAction,
  type OperatorDecision,
  type TicketAction,
  type TicketStatus,
} from './life-tables';
export {
  correctionsSchema,
  publicTicketIdSchema,
  MAX_FIELD_LENGTHS,
  ticketIdSchema,
  ticketInputSchema,
  ticketSchema,
  unitIntervalSchema,
  type Corrections,
  type Ticket,
  type TicketInput,
  type TicketSource,
} from './ticket';
export {
  MAX_HISTORY,
  MAX_NOTE_LENGTH,
  noteSchema,
  ticketNoteSchema,
  ticketPatchSchema,
  type Actor,
  type HistoryEntry,
  type TicketChanges,
  type TicketPatch,
} from './ticket-history';
export {
  TICKET_SORTS,
  ticketCountQuerySchema,
  ticketQuerySchema,
  type TicketCountQuery,
  type TicketCounts,
  type TicketFilter,
  type TicketPage,
  type TicketQuery,
  type TicketSort,
  type TicketSummary,
} from './ticket-query';
export { type ParsedTicketInput, parseTicketInput } from './parse-ticket-input';
export { REVIEW_REASONS, type ReviewReason } from './review-reason';
export { contentKey, requesterKey } from './ticket-identity';
export {
  type CategoryPrediction,
  type CategoryReasons,
  type Embedding,
  type LabelScores,
  type ModelInfo,
  type ModelInput,
  type RunReport,
  type SparseVector,
  type TermContribution,
  type UrgencyHit,
  type UrgencyPrediction,
} from './prediction';
export {
  AGENT_OUTCOMES,
  agentIdSchema,
  agentInputSchema,
  agentSchema,
  rosterSchema,
  type Agent,
  type AgentInput,
  type AgentOutcome,
  type AgentProfile,
  type RankedAgent,
} from './agent';
export {
  DOUBT_REASONS,
  incidentInputSchema,
  incidentQuerySchema,
  incidentResolutionSchema,
  incidentResolutionsSchema,
  MAX_ENDED_INCIDENTS,
  incidentSchema,
  incidentSelectionSchema,
  memberQuerySchema,
  type DoubtReason,
  type Incident,
  type IncidentQuery,
  type IncidentSelection,
} from './incident';
export {
  FALLBACK_REASONS,
  type AssignmentExplanation,
  type ExplanationReport,
  type FallbackReason,
  type ModelUse,
  type TicketExplanation,
} from './explanation';
export {
  MAX_WEBHOOK_ENDPOINTS,
  wantsEvent,
  webhookEndpointSchema,
  webhookEndpointSchemaWith,
  type FilterableEvent,
  type WebhookEndpoint,
} from './webhook-endpoint';
export { WEBHOOK_SECRET_FORM, webhookSecretKey, webhookSecretSchema } from './webhook-secret';
export { type DeliveryFailureReason } from './webhook-delivery';
export { secretSchema, type SecretSources } from './secret-sources';
export {
  type DomainEvent,
  type EventType,
  type IncidentEvent,
  type TicketEvent,
  type WebhookDisabledEvent,
  type WebhookDisabledReason,
} from './events';
export {
  type DeadLetter,
  type HealthReport,
  type QueueReport,
  REDIS_PROBLEMS,
  type RedisProblem,
  type RedisReport,
} from './status-reports';
export {
  SmartSupportError,
  isSmartSupportError,
  isStoreAway,
  isStoreAwayOrClosed,
  type ErrorCode,
  type InputIssue,
} from './errors';
export { invalid, isHttpUrl, issuesOf, parseWith } from './validation';
export { REDIS_URL_FORMS, parseRedisUrl, type HostAndPort, type RedisTarget } from './redis-url';
export { systemClock, type Clock, type TimerClock } from './ports/clock';
export {
  type Classifier,
  type Embedder,
  type LoadedModel,
  type MaybePromise,
  type RunOptions,
  type ReasonsWanted,
  type TextClassifier,
  type UrgencyScorer,
  type Vectoriser,
  type ZeroShotClassifier,
  type ZeroShotQuestion,
} from './ports/models';
export {
  DEFAULT_BROKER_OPTIONS,
  type AcceptResult,
  type AgentSlots,
  type Availability,
  type Broker,
  type BrokerObserver,
  type BrokerOptions,
  type ByteUse,
  type DeadLetters,
  type Decision,
  type FinishedTicket,
  type LocalBroker,
  type NewTicket,
  type EventQueue,
  type Outbox,
  type OutboxEntry,
  type SharedBroker,
  type StatusChange,
  type TicketQueue,
  type TicketStore,
  type WorkerStatus,
  type Workers,
} from './ports/broker';
export { type Claim, type TicketRecord } from './ports/ticket-record';
export { STORM_EXCLUSIONS, type StormExclusion } from './storm-exclusion';
export {
  type DoubtfulMember,
  type IncidentMember,
  type Incidents,
  type JoiningDoubt,
  type Resolution,
  type ResolvedIncident,
  type StormArrival,
  type StormRules,
  type StormVerdict,
  type Storms,
  type BurstSettings,
} from './ports/storms';
