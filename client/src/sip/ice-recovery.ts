import type { RTCSession, TerminateOptions } from 'jssip/lib/RTCSession';
import { after, type Cancel } from '../world/timers.ts';

/** How long sound may stay broken before the call is given up (milliseconds): a browser may never report it as failed. */
const PATIENCE_MS = 30_000;

/** What JsSIP calls the end of a call in which a request was lost with the line. */
const CONNECTION_ERROR = 'Connection Error';
/** What JsSIP calls the end of a call whose ICE has failed. */
const RTP_TIMEOUT = 'RTP Timeout';
/** As JsSIP itself ends it. */
const TIMED_OUT = { cause: RTP_TIMEOUT, status_code: 408, reason_phrase: RTP_TIMEOUT };

/** Mends the path of a call's sound instead of hanging up. */
export interface IceRecovery {
  /** The sound takes this path from now on, and that of an earlier connection no longer matters. */
  watch(connection: RTCPeerConnection): void;
  /** `withServer`: the other side is the server, so that the call is over if the server has forgotten it. */
  lineRestored(withServer: boolean): void;
  stop(): void;
}

/**
 * JsSIP ends a call the moment that ICE fails. This prevents it, restarts ICE (RFC 8445 §2.4) as soon as the line is up,
 * and gives the call up after `PATIENCE_MS`. For a call with the server a restart also finds out whether it still exists.
 * Nor does a call end because the line broke during such a restart: the next one tries again.
 */
export function recoverIce(session: RTCSession, lineStands: () => boolean): IceRecovery {
  let watched: RTCPeerConnection | undefined;
  let cancelDeadline: Cancel | undefined;
  const terminate = session.terminate.bind(session);

  const restart = (): void => {
    // A request on a dead line would end the call.
    if (session.isEstablished() && lineStands())
      session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
  };
  const stop = (): void => {
    cancelDeadline?.();
    cancelDeadline = undefined;
  };
  const giveUp = (): void => {
    cancelDeadline = undefined;
    if (!session.isEnded()) terminate(TIMED_OUT);
  };
  session.terminate = (options?: TerminateOptions): void => {
    if (options?.cause === CONNECTION_ERROR && session.isEstablished()) return;
    if (options?.cause !== RTP_TIMEOUT || !session.isEstablished()) {
      stop();
      terminate(options);
      return;
    }
    cancelDeadline ??= after(PATIENCE_MS, giveUp);
    restart();
  };
  return {
    watch: (connection) => {
      stop();
      watched = connection;
      connection.addEventListener('iceconnectionstatechange', () => {
        if (connection !== watched) return;
        const { iceConnectionState: state } = connection;
        if (state === 'connected' || state === 'completed') stop();
        else if (state === 'disconnected' && session.isEstablished())
          cancelDeadline ??= after(PATIENCE_MS, giveUp);
      });
    },
    lineRestored: (withServer) => {
      const state = watched?.iceConnectionState;
      if (withServer || state === 'disconnected' || state === 'failed') restart();
    },
    stop,
  };
}
