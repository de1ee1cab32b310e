/**
 * Orders tickets that wait for an agent: the smallest key comes first.
 *
 * `received_ms - urgency x waitAgeingMs`: one full point of urgency is worth `waitAgeingMs` of age, so an urgent ticket
 * overtakes, but none starves. Both parts are fixed once a ticket is decided, so the key never changes.
 * @param receivedMs - when the ticket arrived, in milliseconds since 1970
 * @param urgency - in [0, 1]
 * @param waitAgeingMs - milliseconds of waiting that outweigh one full point of urgency
 */
export function waitingKey(receivedMs: number, urgency: number, waitAgeingMs: number): number {
  return receivedMs - urgency * waitAgeingMs;
}
