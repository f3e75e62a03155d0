import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accounts } from '../accounts.ts';
import { AnsweringPhone, OutgoingCall } from '../generator/call.ts';
import { Phone } from '../generator/phone.ts';
import { Registration } from '../generator/registration.ts';
import type { Target } from '../load.ts';
import { DOMAIN, prepareOrganization } from '../perch/organization.ts';
import { startOn } from '../perch/perch.ts';
import { pause } from './attack.ts';
import type { StopFigures } from './stop-report.ts';

const CALLS = 50;
/** Longer than a server needs to hear from all phones after its start (milliseconds). */
const LONGEST_MS = 20_000;

interface UpCall {
  readonly caller: Phone;
  readonly callee: Phone;
  readonly answering: AnsweringPhone;
  readonly call: OutgoingCall;
}

const register = async (phone: Phone): Promise<void> => {
  await phone.connect();
  await new Registration(phone).first();
};

async function callUp(caller: Phone, callee: Phone): Promise<UpCall> {
  await Promise.all([register(caller), register(callee)]);
  const answering = new AnsweringPhone(callee);
  answering.expect();
  const call = new OutgoingCall(caller, callee.account.user);
  await call.invite();
  call.acknowledge();
  await answering.acknowledged;
  return { caller, callee, answering, call };
}

/** Is the call over for both sides once the caller hangs up? */
async function hangUp({ call, answering }: UpCall): Promise<boolean> {
  const both = Promise.all([call.hangUp(), answering.ended]).then(() => true);
  return Promise.race([both.catch(() => false), pause(LONGEST_MS).then(() => false)]);
}

/** Stops a server with calls up, and starts it again. */
export async function measureStop(): Promise<StopFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  const all = accounts(2 * CALLS);
  await prepareOrganization(folder, all, 0);
  let running = await startOn(folder);
  try {
    const { port } = running;
    const target: Target = {
      ...{ pid: running.server.pid, host: '127.0.0.1', port, path: '/sip' },
      ...{ domain: DOMAIN, authenticatedFlows: true },
    };
    const phones = all.map((account) => new Phone(account, target));
    const calls: UpCall[] = [];
    for (let index = 0; index < phones.length; index += 2) {
      const [caller, callee] = phones.slice(index, index + 2);
      if (caller !== undefined && callee !== undefined) calls.push(await callUp(caller, callee));
    }
    const start = performance.now();
    const stopping = running.server.end();
    const attempts = calls.map(async ({ caller, callee }) => {
      await pause(10);
      await new OutgoingCall(caller, callee.account.user).invite();
    });
    const refused = (await Promise.allSettled(attempts)).filter(({ status }) => status === 'rejected').length;
    await stopping;
    const stopped = performance.now();
    running = await startOn(folder, undefined, { PERCH_PORT: String(port) });
    const started = performance.now();
    for (const { caller, callee } of calls) await Promise.all([register(caller), register(callee)]);
    const ended = (await Promise.all(calls.map(hangUp))).filter(Boolean).length;
    for (const phone of phones) phone.cut();
    return {
      calls: calls.length,
      refused,
      stopMs: stopped - start,
      startMs: started - stopped,
      ended,
    };
  } finally {
    await running.server.end();
    await rm(folder, { recursive: true });
  }
}
