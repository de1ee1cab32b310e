import { hash } from 'node:crypto';
import {
  type Actor,
  type AssignmentExplanation,
  type Category,
  type Corrections,
  type DeadLetter,
  type Decision,
  type HistoryEntry,
  type Lane,
  type NewTicket,
  type TicketAction,
  type TicketRecord,
  type TicketSource,
  type TicketStatus,
  CATEGORIES,
  SmartSupportError,
  TICKET_STATUSES,
  contentKey,
  requesterKey,
} from '@smart-support/contracts';
import { newRecord } from '@smart-support/broker/rules';
import { rankingOf } from '../roster/agent-facts';
import { flagsField } from './index-columns';

/**
 * A ticket is a hash in the store. Values that Lua reads or changes have fields of their own; those that it only stores (the input,
 * the decision and its reasons) have one field each, as JSON that Lua never decodes.
 */
type Fields = ReadonlyMap<string, string>;

/** Reads what {@link sourceField} wrote. */
const SOURCE = /^(?<domain>\S*) (?<key>\S+)$/;

const RESOLUTIONS = ['agent', 'incident', 'cancelled'] as const;

type StoredInput = Omit<NewTicket['input'], 'id'> & Pick<NewTicket, 'lane_urgency'>;

/**
 * The input as it is stored, with the urgency that chose its lane, and with the key by which Lua compares requesters if that differs from the requester's
 * name. One field for all that Lua only stores: each field costs as much as a small command.
 */
export function inputField(
  { text, subject, requester, channel, reported_at, metadata }: NewTicket['input'],
  lane_urgency: number,
): string {
  const stored: StoredInput = { text, subject, requester, channel, reported_at, metadata, lane_urgency };
  const key = requesterKey(requester);
  return JSON.stringify(key === (requester ?? null) ? stored : { ...stored, requester_key: key });
}

/** The API key of a ticket as it is stored, after its trust domain, which Lua reads; '' for none. */
export function sourceField(source: TicketSource | null | undefined): string {
  return source ? `${source.domain} ${source.key}` : '';
}

/** An entry of a ticket's history without what Lua adds: the time, and the agents before and afterwards. */
export function historyEntry(
  action: TicketAction,
  { by, note, note_id }: Actor,
  corrections: Corrections | null,
): string {
  return JSON.stringify({ action, by, note, note_id, corrections }).slice(0, -1);
}

/** Differs between two tickets that differ in subject or text. */
export function contentHash(content: Parameters<typeof contentKey>[0]): string {
  return hash('sha256', contentKey(content), 'base64url');
}

/** A decision as it is stored. */
export function decisionField(decision: Decision): string {
  return JSON.stringify(decision);
}

/**
 * The record of the fields.
 * @throws SmartSupportError `corrupt` if the broker did not write them
 */
export function recordOf(id: string, fields: Fields): TicketRecord {
  try {
    return readRecord(id, fields);
  } catch (cause) {
    throw new SmartSupportError('corrupt', `The record of ticket "${id}" is corrupt`, { cause });
  }
}

function readRecord(id: string, fields: Fields): TicketRecord {
  const { lane_urgency, ...input } = storedInput(required(fields, 'input'));
  const lane = required(fields, 'lane') as Lane;
  const queued = newRecord({ id, input, lane, lane_urgency }, isoOf(fields, 'received_ms'));
  const decision = decisionIn(fields.get('decision'));
  const resolution = fields.get('resolution');
  return {
    ticket: {
      ...queued.ticket,
      ...(decision === null ? {} : decided(decision)),
      status: statusOf(fields),
      is_duplicate: fields.get('duplicate') === '1',
      master_incident_id: fields.get('incident') ?? null,
      assigned_agent: fields.get('agent') ?? null,
      completed_at: fields.has('completed_ms') ? isoOf(fields, 'completed_ms') : null,
      resolution: RESOLUTIONS.find((one) => one === resolution) ?? null,
      attempts: Number(fields.get('attempts') ?? 0),
    },
    explanation: {
      ...queued.explanation,
      ...decision?.explanation,
      // A suppressed ticket has no assignment.
      assignment: decision !== null && hasAssignment(fields) ? assignmentOf(fields, decision) : null,
      corrections: parsed<Corrections>(fields.get('corrections')),
    },
    channel: queued.channel,
    metadata: queued.metadata,
    source: sourceIn(fields.get('source')),
    history: historyIn(fields.get('history')),
  };
}

/** The part of a decision that the ticket itself shows. */
export function decided({
  explanation: _explanation,
  storm: _storm,
  ...shown
}: Decision): Omit<Decision, 'explanation' | 'storm'> {
  return shown;
}

/** A new ticket as the store keeps it, without reading it from the store. */
export function acceptedRecord(offer: NewTicket, receivedMs: number): TicketRecord {
  return newRecord(offer, new Date(receivedMs).toISOString());
}

/** A finished ticket of another broker as names and values: the inverse of {@link recordOf}. */
export function fieldsOf(
  { ticket, explanation, channel, metadata, source, history }: TicketRecord,
  waitKey: number,
  death?: DeadLetter,
): string[] {
  const { text, subject, requester, reported_at } = ticket;
  const { lane, assignment, corrections, ticket_id: _id, ...reasons } = explanation;
  const pairs: Record<string, string | number | null> = {
    received_ms: Date.parse(ticket.received_at),
    content_hash: contentHash(ticket),
    lane: lane.name,
    input: inputField({ text, subject, requester, channel, reported_at, metadata }, lane.urgency_score),
    source: source === null ? null : sourceField(source),
    attempts: ticket.attempts,
    agent: ticket.assigned_agent,
    resolution: ticket.resolution,
    completed_ms: ticket.completed_at === null ? null : Date.parse(ticket.completed_at),
    corrections: corrections === null ? null : JSON.stringify(corrections),
    history: history.length === 0 ? null : history.map((entry) => JSON.stringify(entry)).join('\n'),
  };
  const decision = decisionOf(ticket, reasons);
  if (decision !== null) {
    Object.assign(pairs, {
      decision: decisionField(decision),
      flags: flagsField(decision) || null,
      category: decision.category,
      urgency: decision.urgency_score,
      wait_key: waitKey,
      // An alert that was due was raised by the other broker.
      alerted: reasons.urgency?.alert ? '1' : null,
    });
  }
  if (assignment !== null) {
    Object.assign(pairs, {
      how: assignment.how,
      decided_ms: Date.parse(assignment.decided_at),
      ranking: JSON.stringify(assignment.agents),
    });
  }
  if (death) {
    const { error, stalls, died_at } = death;
    Object.assign(pairs, {
      error_code: error.code,
      error_message: error.message,
      stalls,
      died_ms: Date.parse(died_at),
    });
  }
  return Object.entries(pairs).flatMap(([name, value]) => (value === null ? [] : [name, String(value)]));
}

/** The decision in a record; `null` if it has none. */
export function decisionOf(ticket: TicketRecord['ticket'], explanation: Decision['explanation']): Decision | null {
  const { category, confidence, needs_review, review_reasons, urgency_score, model, degraded } = ticket;
  const { language, automated } = ticket;
  if (category === null || confidence === null || urgency_score === null || model === null) return null;
  const shown = {
    category,
    confidence,
    needs_review,
    review_reasons,
    urgency_score,
    model,
    degraded,
    language,
    automated,
  };
  return { ...shown, explanation };
}

function hasAssignment(fields: Fields): boolean {
  return fields.has('facts') || fields.has('ranking');
}

function assignmentOf(fields: Fields, { category }: Decision): AssignmentExplanation {
  const agent = fields.get('agent') ?? null;
  // Most tickets have no such field: with one more, Redis would double the size of their records' tables.
  const how = (fields.get('how') ?? (agent === null ? 'waiting' : 'ranked')) as AssignmentExplanation['how'];
  let agents: AssignmentExplanation['agents'] | undefined;
  return {
    how,
    decided_at: isoOf(fields, 'decided_ms'),
    agent_id: agent,
    // Computed on demand: lists never read it.
    get agents() {
      return (agents ??= keptRanking(fields.get('ranking')) ?? rankingOf(category, fields.get('facts') ?? '[]', agent));
    },
  };
}

function storedInput(json: string): StoredInput {
  const input = JSON.parse(json) as Partial<StoredInput> | null;
  if (typeof input?.text !== 'string') throw new Error('The input has no text');
  return { ...input, text: input.text, lane_urgency: input.lane_urgency ?? 0 };
}

function sourceIn(text: string | undefined): TicketSource | null {
  if (text === undefined || text === '') return null;
  const { domain, key } = SOURCE.exec(text)?.groups ?? {};
  if (domain !== undefined && key !== undefined) return { key, domain };
  throw new Error('The source names no API key');
}

function decisionIn(json: string | undefined): Decision | null {
  const decision = parsed<Partial<Decision>>(json);
  if (decision === null) return null;
  if (!CATEGORIES.includes(decision.category as Category)) throw new Error('The decision has no valid category');
  return decision as Decision;
}

/** A corrupt history does not make the ticket unreadable. */
function historyIn(lines: string | undefined): readonly HistoryEntry[] {
  if (!lines) return [];
  try {
    return lines.split('\n').map((line) => JSON.parse(line) as HistoryEntry);
  } catch {
    return [];
  }
}

/** The ranking of an adopted ticket. A corrupt one does not make the ticket unreadable. */
function keptRanking(json: string | undefined): AssignmentExplanation['agents'] | null {
  try {
    const ranking = parsed<AssignmentExplanation['agents']>(json);
    return Array.isArray(ranking) ? ranking : null;
  } catch {
    return null;
  }
}

function statusOf(fields: Fields): TicketStatus {
  const status = required(fields, 'status') as TicketStatus;
  if (TICKET_STATUSES.includes(status)) return status;
  throw new Error('The status is unknown');
}

function isoOf(fields: Fields, name: string): string {
  return new Date(Number(required(fields, name))).toISOString();
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new Error(`The field "${name}" is missing`);
  return value;
}

function parsed<T>(json: string | undefined): T | null {
  return json === undefined ? null : (JSON.parse(json) as T);
}
