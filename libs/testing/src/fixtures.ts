import type {
  Agent,
  AgentInput,
  Category,
  Decision,
  Lane,
  NewTicket,
  StormArrival,
  Ticket,
  TicketInput,
  TicketSource,
} from '@smart-support/contracts';

/** A valid ticket, newly queued by default. */
export function aTicket(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: 'ticket-1',
    text: 'The invoice of May lists one seat too many.',
    subject: null,
    requester: null,
    status: 'queued',
    category: null,
    confidence: null,
    needs_review: false,
    review_reasons: [],
    urgency_score: null,
    model: null,
    degraded: false,
    language: null,
    automated: false,
    is_duplicate: false,
    master_incident_id: null,
    assigned_agent: null,
    received_at: '2030-01-01T00:00:00.000Z',
    reported_at: null,
    completed_at: null,
    resolution: null,
    attempts: 0,
    ...changes,
  };
}

/** A valid offer of a ticket, for the normal lane by default. `input` adds to its text. */
export function aNewTicket(
  changes: {
    readonly id?: string;
    readonly text?: string;
    readonly lane?: Lane;
    readonly lane_urgency?: number;
    readonly idempotency_key?: string;
    readonly duplicate_key?: string;
    readonly source?: TicketSource;
    readonly input?: Omit<TicketInput, 'text'>;
  } = {},
): NewTicket {
  const { id = 'ticket-1', text = `Please look into matter ${id}.`, lane = 'normal', lane_urgency = 0.3 } = changes;
  return {
    id,
    input: { ...changes.input, text },
    lane,
    lane_urgency,
    ...(changes.idempotency_key === undefined ? {} : { idempotency_key: changes.idempotency_key }),
    ...(changes.duplicate_key === undefined ? {} : { duplicate_key: changes.duplicate_key }),
    ...(changes.source && { source: changes.source }),
  };
}

/** A valid agent in the form of `PUT /agents/<id>`: all skills, two slots. */
export function anAgentInput(changes: Partial<AgentInput> = {}): AgentInput {
  return {
    name: 'Noor Castellan',
    skills: { Billing: 0.8, Technical: 0.8, Legal: 0.8 },
    capacity: 2,
    status: 'available',
    ...changes,
  };
}

/** A valid agent in the form of `GET /agents`: {@link anAgentInput}, without tickets. */
export function anAgent(changes: Partial<Agent> = {}): Agent {
  return { ...anAgentInput(), id: 'agent-1', load: 0, idle_since: '2030-01-01T00:00:00.000Z', ...changes };
}

/** A valid decision of the baseline, with all its reasons; `category` and `urgency_score` are repeated in them. */
export function aDecision(changes: { readonly category?: Category; readonly urgency_score?: number } = {}): Decision {
  const { category = 'Billing', urgency_score = 0.5 } = changes;
  const confidence = 0.9;
  const scores = { Billing: 0.05, Technical: 0.05, Legal: 0.05, [category]: confidence };
  return {
    category,
    confidence,
    needs_review: false,
    review_reasons: [],
    urgency_score,
    model: 'baseline',
    degraded: false,
    language: null,
    automated: false,
    explanation: {
      category: {
        label: category,
        confidence,
        needs_review: false,
        review_reasons: [],
        scores,
        model: { family: 'baseline', name: 'tfidf-lr', version: 'test' },
      },
      urgency: {
        urgency_score,
        model: { family: 'baseline', name: 'regex', version: 'test' },
        alert: urgency_score > 0.8,
        alert_threshold: 0.8,
      },
      breaker: { state: 'closed', reason: null },
      models: [{ name: 'a-model', breaker: 'closed', fallback: null, run: null }],
      truncated: false,
      incident: null,
      storm_exclusion: null,
      timings: { classify: 1 },
    },
  };
}

/** Numbers of an embedding of {@link anArrival}: two for each topic. */
const EMBEDDING_LENGTH = 16;

/**
 * A valid arrival: an embedding at an angle, in degrees, to that of angle 0, in a plane of its own
 * for each of eight topics. `words` are pairs of index and weight, in ascending order. By default, it reports a failure.
 */
export function anArrival(
  changes: {
    readonly degrees?: number;
    readonly topic?: number;
    readonly words?: readonly (readonly [index: number, weight: number])[];
  } & Partial<Omit<StormArrival, 'words'>> = {},
): StormArrival {
  const { degrees = 0, topic = 0, words = [], embedding, ...rest } = changes;
  const vector = new Float32Array(EMBEDDING_LENGTH);
  vector[2 * topic] = Math.cos((degrees / 180) * Math.PI);
  vector[2 * topic + 1] = Math.sin((degrees / 180) * Math.PI);
  return {
    embedding: embedding === undefined ? { model: 'a-model', vector } : embedding,
    words: {
      indices: Uint32Array.from(words, ([index]) => index),
      values: Float32Array.from(words, ([, weight]) => weight),
    },
    severe_signal: null,
    isAlwaysRouted: false,
    failure: 1,
    identifiers: '',
    isVouched: true,
    source: null,
    isMachine: false,
    keptOut: null,
    ...rest,
  };
}
