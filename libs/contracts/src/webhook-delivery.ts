/**
 * Why a try failed: `status`, an answer other than 2xx, 3xx or 410; `redirect`, a 3xx, which is not followed; `timeout`, no answer in time;
 * `connection`, no whole answer for any other reason (refused, reset, no such host, a certificate that is not trusted, not HTTP at all);
 * `refused_address`, the host has no address to which events may be sent, and no connection was made; `sender`, the sender itself is broken.
 */
export type DeliveryFailureReason = 'status' | 'redirect' | 'timeout' | 'connection' | 'refused_address' | 'sender';
