import {
  callId,
  extensionId,
  extensionNumber,
  type PageEvent,
  recordingId,
  terminalId,
  type TopicEvent,
} from '@perch/shared';
import { expect, test } from 'vitest';
import type { Command } from '../../exchange/contract/commands.ts';
import type { ExtensionNotice } from '../../exchange/contract/extensions.ts';
import { type FlowEvent, type FlowOrder, withFrame } from '../../exchange/contract/flows.ts';
import type { FlowId } from '../../sip/transport/flow.ts';
import { request } from '../../sip/user-agent/support/raw-phone.ts';
import { parsed } from '../../sip/user-agent/support/test-line.ts';
import type { Border } from '../local.ts';
import { ADMINISTRATOR } from '../../exchange/support/rights.ts';
import { FakeOrganization } from './fake-organization.ts';

const FLOW = 7 as FlowId;
const terminal = terminalId('t201');
const extension = extensionId('e101');
const at = { terminal, browser: 'b1' };
const message = recordingId('r1');

const EVENTS: readonly FlowEvent[] = [
  {
    kind: 'attach',
    flow: FLOW,
    facts: { transport: 'WSS', remoteAddress: '192.0.2.1', remotePort: 5060, authority: undefined },
    account: { terminal, number: extensionNumber('101') },
  },
  { kind: 'message', flow: FLOW, message: parsed(request({ method: 'OPTIONS', body: 'h\u00e9' })) },
  { kind: 'barred', flow: FLOW, reason: 'suspended' },
  { kind: 'closed', flow: FLOW },
];

const COMMANDS: readonly Command[] = [
  { kind: 'view-terminal', terminal },
  { kind: 'view-extension', extension },
  { kind: 'lift-lock', extension, who: 'boss' },
  { kind: 'is-in-call', extension, number: '101', until: 5 },
  { kind: 'forget-messages-from', number: '101', from: 1, until: 2 },
  { kind: 'count' },
  { kind: 'view-mailbox', at },
  { kind: 'unlock-mailbox', at, pin: '4711' },
  { kind: 'fetch-recording', at, message },
  { kind: 'mark-message', at, message, heard: true },
  { kind: 'delete-message', at, message },
  { kind: 'restore-message', at, message },
  { kind: 'fetch-greeting', at },
  { kind: 'begin-greeting', at },
  { kind: 'replace-greeting', at, stay: 7, packets: [Uint8Array.of(0xfc, 0), Uint8Array.of(0xff)] },
  { kind: 'remove-greeting', at },
  { kind: 'mailbox-owner', terminal },
  { kind: 'return-to-base', extension, who: 'boss' },
  { kind: 'send', extension, base: extension, who: 'boss' },
  { kind: 'undo', terminal },
  { kind: 'return-from-terminal', terminal },
  { kind: 'confer', terminal, calls: [callId('a'), callId('b')] },
  { kind: 'take-back', terminal, call: callId('a') },
  {
    kind: 'report-page',
    terminal,
    report: { microphone: 'denied', clockAhead: -90_000, version: '0.1.0' },
    browser: null,
  },
  { kind: 'report-check', terminal, result: { verdict: 'limited', parts: ['ring'] } },
  {
    kind: 'create-extension',
    extension: { number: '101', name: 'Ada', kind: 'person', allowVirtualization: false },
    digest: { ha1Md5: 'm', ha1Sha256: 's' },
  },
  { kind: 'change-extension', number: '101', change: { suspended: true }, who: 'boss' },
  { kind: 'delete-extension', number: '101', who: 'boss' },
  { kind: 'set-secret-code', number: '101', hash: '$argon2id$', who: 'boss' },
  { kind: 'set-voicemail-pin', number: '101', hash: '$argon2id$' },
  { kind: 'set-sip-password', number: '101', digest: { ha1Md5: 'm', ha1Sha256: 's' } },
];

const ORDERS: readonly FlowOrder[] = [
  { kind: 'send', flow: FLOW, message: 'SIP/2.0 200 OK\r\n\r\n' },
  { kind: 'close', flow: FLOW, code: 4403, reason: 'suspended' },
];

/** Fails where something is no value: it could not be copied, or its copy would be another. */
const copied = <Value>(value: Value): Value => {
  const copy = structuredClone(value);
  expect(copy).toEqual(value);
  return copy;
};

/** Lets everything that is under way arrive. */
const arrived = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => void setImmediate(resolve));
};

/** What holds for every way across an organization's border. */
export function borderContract(name: string, border: Border): void {
  test(`${name}: a flow's events arrive in order and unchanged, each of them a value`, async () => {
    const heard: FlowEvent<string>[] = [];
    const port = border(new FakeOrganization((event) => void heard.push(withFrame(event))));
    for (const event of EVENTS) port.tell(event);
    await arrived();
    expect(heard).toEqual(EVENTS.map((event) => copied(withFrame(event))));
  });

  test.for(COMMANDS)(`${name}: %s is asked and answered in values`, async (command) => {
    const organization = new FakeOrganization();
    const port = border(organization);
    organization.answers.push('waiting');
    expect(await port.ask(copied(command))).toBe('waiting');
    expect(organization.asked).toEqual([command]);
  });

  test(`${name}: a sound is answered in octets`, async () => {
    const organization = new FakeOrganization();
    organization.answers.push(Buffer.from('OggS\xff\0', 'latin1'));
    const file = await border(organization).ask<'fetch-greeting'>({ kind: 'fetch-greeting', at });
    expect(typeof file === 'string' ? file : Buffer.from(file).toString('latin1')).toBe('OggS\xff\0');
  });

  test(`${name}: each question gets its own answer, also where one fails`, async () => {
    const organization = new FakeOrganization();
    const port = border(organization);
    organization.answers.push('done', new Error('the disk is full'), 'nothing-to-do');
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => port.ask<'undo'>({ kind: 'undo', terminal })),
    );
    expect(answers).toMatchObject([
      { value: 'done' },
      { reason: { message: expect.stringContaining('the disk is full') as string } },
      { value: 'nothing-to-do' },
    ]);
  });

  test(`${name}: what followers are told before an answer is given reaches them before the answer`, async () => {
    const organization = new FakeOrganization();
    const port = border({
      tell: () => undefined,
      follow: (subject, hear) => organization.follow(subject, hear),
      ask: (command) => {
        organization.say('extensions', { kind: 'deleted', extension });
        return organization.ask(command);
      },
    });
    const heard: ExtensionNotice[] = [];
    port.follow({ kind: 'extensions' }, (notice) => void heard.push(notice));
    await port.ask({ kind: 'delete-extension', number: '101', who: 'boss' });
    expect(heard).toEqual([{ kind: 'deleted', extension }]);
  });

  test(`${name}: a follower hears what is said of its subject, in order, until it leaves`, async () => {
    const organization = new FakeOrganization();
    const port = border(organization);
    const orders: FlowOrder[] = [];
    const events: (PageEvent | TopicEvent)[] = [];
    const flows = port.follow({ kind: 'flows' }, (order) => void orders.push(order));
    port.follow({ kind: 'page', terminal, instance: null }, (event) => void events.push(event));
    await arrived();
    expect(organization.followed).toEqual([{ kind: 'flows' }, { kind: 'page', terminal, instance: null }]);
    for (const order of ORDERS) organization.order(copied(order));
    organization.say('page', copied({ kind: 'pulse', at: 1, registered: true } as const));
    await arrived();
    expect([orders, events]).toEqual([ORDERS, [{ kind: 'pulse', at: 1, registered: true }]]);
    organization.order({ kind: 'close', flow: FLOW, code: 1001, reason: 'on its way' });
    flows.close();
    flows.close();
    await arrived();
    organization.order({ kind: 'close', flow: FLOW, code: 1001, reason: 'too late' });
    await arrived();
    expect(organization.followed).toEqual([{ kind: 'page', terminal, instance: null }]);
    expect(JSON.stringify(orders)).not.toContain('too late');
  });

  test(`${name}: what a page asks for reaches the organization, and nothing after it was closed`, async () => {
    const organization = new FakeOrganization();
    const page = border(organization).follow(
      { kind: 'management-page', rights: ADMINISTRATOR },
      () => undefined,
    );
    page.request(copied({ subscribe: 'floor' }));
    await arrived();
    expect(organization.requested).toEqual([{ subscribe: 'floor' }]);
    page.close();
    await arrived();
    expect(organization.followed).toEqual([]);
  });
}
