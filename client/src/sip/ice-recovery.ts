import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';

/** How long sound may stay broken before the call is given up (milliseconds). */
const PATIENCE_MS = 30_000;

/** What JsSIP calls the end of a call whose ICE has failed. */
const RTP_TIMEOUT = 'RTP Timeout';

/** Mends the path of a call's sound instead of hanging up. */
export interface IceRecovery {
  /** `withServer`: it is the server that speaks, and there is no call where it has forgotten it. */
  lineRestored(withServer: boolean): void;
  stop(): void;
}

/**
 * JsSIP ends a call the moment that ICE fails. This vetoes it, restarts ICE (RFC 8445 §2.4) as soon as the line stands,
 * and lets the call go after `PATIENCE_MS`. A call with the server is not left to be found dead: a restart asks for it.
 */
export function recoverIce(
  session: RTCSession,
  connection: RTCPeerConnection,
  lineStands: () => boolean,
): IceRecovery {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const terminate = session.terminate.bind(session);

  const restart = (): void => {
    // A request on a dead line would end the call.
    if (session.isEstablished() && lineStands())
      session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
  };
  const stop = (): void => {
    clearTimeout(deadline);
    deadline = undefined;
  };
  session.terminate = (options?: TerminateOptions): void => {
    if (options?.cause !== RTP_TIMEOUT || !session.isEstablished()) {
      stop();
      terminate(options);
      return;
    }
    deadline ??= setTimeout(() => terminate(options), PATIENCE_MS);
    restart();
  };
  connection.addEventListener('iceconnectionstatechange', () => {
    if (connection.iceConnectionState === 'connected' || connection.iceConnectionState === 'completed')
      stop();
  });

  return {
    lineRestored: (withServer) => {
      const { iceConnectionState: state } = connection;
      if (withServer || state === 'disconnected' || state === 'failed') restart();
    },
    stop,
  };
}
