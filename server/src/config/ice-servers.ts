import { iceServer } from '@perch/shared';
import type { IceServer } from '@perch/shared';
import { z } from 'zod';
import { Misconfigured } from './misconfigured.ts';

const EXAMPLE = '[{"urls":"stun:stun.example.org:3478"}]';

/** PERCH_ICE_SERVERS as it is handed to RTCPeerConnection. */
export function iceServersOf(text: string | undefined): readonly IceServer[] {
  if (text === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Misconfigured(`PERCH_ICE_SERVERS is no JSON; it looks like ${EXAMPLE}.`);
  }
  const servers = z.array(iceServer).safeParse(json);
  if (!servers.success) throw new Misconfigured(`PERCH_ICE_SERVERS is no array of servers like ${EXAMPLE}.`);
  for (const { urls, username, credential } of servers.data)
    for (const url of [urls].flat()) {
      if (!/^(stun|turn)s?:[^/]/.test(url))
        throw new Misconfigured(`PERCH_ICE_SERVERS has ${url}, which is no stun:, turn: or turns: address.`);
      // RTCPeerConnection throws on it (WebRTC §4.4.1.1), and with it every call of every page.
      if (url.startsWith('turn') && (username === undefined || credential === undefined))
        throw new Misconfigured(`PERCH_ICE_SERVERS has ${url} without a username and a credential.`);
    }
  return servers.data;
}
