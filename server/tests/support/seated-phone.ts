import { expect } from 'vitest';
import { TestPeer } from '../../src/media/support/test-peer.ts';
import { type Dialog, dialogOf } from './call.ts';
import type { Stage } from './fixtures.ts';
import type { Identity, SipClient } from './sip-client.ts';
import * as sip from './sip-message.ts';
import { connect } from './spoken-message.ts';

/** A phone that takes a new session in place of the one that it has. */
export async function reseatable(
  on: Pick<Stage, 'connect'>,
  number: string,
  known?: Identity,
): Promise<SipClient> {
  const client = await on.connect(number, known);
  const { contact, instance } = client.identity;
  await client.register({
    contact: `${contact};reg-id=1;+sip.instance="<urn:uuid:${instance}>";+perch.reseat`,
  });
  return client;
}

/** A phone in its new session: its dialog and its sound. */
export interface Seated {
  readonly number: string;
  readonly dialog: Dialog;
  readonly peer: TestPeer;
  readonly callId: string;
}

/** Takes the new session that Perch offers. */
export async function takeSeat(client: SipClient): Promise<Seated> {
  const invite = await client.request('INVITE');
  expect(sip.field(invite, 'Replaces')).not.toBe('');
  const peer = await TestPeer.open();
  const toTag = client.token();
  client.respond(invite, '200 OK', { toTag, body: peer.answer(invite.body) });
  await client.request('ACK');
  await connect(peer);
  const dialog = dialogOf(client, invite, toTag);
  return { number: client.user, dialog, peer, callId: sip.field(invite, 'Perch-Call-ID') };
}
