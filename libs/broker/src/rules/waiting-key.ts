/**
 * A ticket's place in the line for an agent: the smallest key goes first.
 *
 * `received_ms - urgency x waitAgeingMs`: one full point of urgency is worth `waitAgeingMs` of age, so a pressing ticket
 * overtakes and yet nobody starves. Both parts are fixed once a ticket is understood, so the key never has to be renewed.
 * @param receivedMs - when the ticket arrived, in milliseconds since 1970
 * @param urgency - in [0, 1]
 * @param waitAgeingMs - milliseconds of waiting that outweigh one full point of urgency
 */
export function waitingKey(receivedMs: number, urgency: number, waitAgeingMs: number): number {
  return receivedMs - urgency * waitAgeingMs;
}
