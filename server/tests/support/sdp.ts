/** An audio offer or answer; the server relays it without looking inside. */
export const sdp = (session: string): string =>
  [
    'v=0',
    `o=- ${session} 1 IN IP4 192.0.2.1`,
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 110',
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:Kx2u',
    'a=ice-pwd:0a1b2c3d4e5f60718293a4b5',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:110 telephone-event/48000',
    '',
  ].join('\r\n');
