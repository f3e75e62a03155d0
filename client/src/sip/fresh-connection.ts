import type { IncomingRequest } from 'jssip/lib/Dialog';
import type { RTCSession } from 'jssip/lib/RTCSession';

/** What JsSIP makes a connection with, which its types leave out. It tells of the new one by `peerconnection`. */
interface Connecting {
  _createRTCConnection(configuration: RTCConfiguration, constraints: null): void;
}

/**
 * A phone that is asked for an offer in the middle of a call will talk with another peer (RFC 3725 §4.4). In a connection that stands,
 * Chromium goes on with the path to the old peer until that has been silent for seconds; a connection of its own has sound at once. The old one
 * serves until then.
 */
export function connectAnew(session: RTCSession): void {
  session.on('reinvite', ({ request }) => {
    if (!(request as IncomingRequest).body) replaceConnection(session);
  });
}

function replaceConnection(session: RTCSession): void {
  const old = session.connection;
  const { iceServers = [] } = old.getConfiguration();
  (session as unknown as Connecting)._createRTCConnection({ iceServers }, null);
  const fresh = session.connection;
  for (const { track } of old.getSenders())
    if (track !== null) fresh.addTrack(track, new MediaStream([track]));
  const close = (): void => old.close();
  fresh.addEventListener('connectionstatechange', () => {
    if (fresh.connectionState === 'connected') close();
  });
  session.on('ended', close);
}
