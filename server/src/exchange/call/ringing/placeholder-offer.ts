/**
 * The offer that a transfer's target is rung with (RFC 3725 §4.4, "black hole"): nothing is sent or received. Once the
 * target answers, the transferee's own offer follows in a re-INVITE, and the browser starts ICE and DTLS anew with
 * that peer. Until then nothing of the transferred call is touched. No candidates, so that ICE waits instead of
 * failing, and the numbers that browsers give to Opus and telephone-event.
 */
export const PLACEHOLDER_OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 110',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=ice-ufrag:wait',
  'a=ice-pwd:forthetransfereesownoffer',
  `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
  'a=setup:actpass',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:110 telephone-event/48000',
  '',
].join('\r\n');
