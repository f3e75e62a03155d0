import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeUserAgent } from '../../sip/support/fake-user-agent.ts';
import type { CallSession } from '../../sip/session.ts';
import { browserWorld } from '../../world/world.ts';
import { LineRunner } from './line.svelte.ts';

/** The longest pause between two tries (milliseconds), and more. */
const PAUSE_MS = 60_000;

const lines: LineRunner[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const line of lines.splice(0)) line.close();
  vi.useRealTimers();
});

/** A line in front of a fake user agent, and what it tells. */
function page({ keepsLine = false } = {}) {
  const told: string[] = [];
  const offered: CallSession[] = [];
  const agents: FakeUserAgent[] = [];
  const account = { url: 'ws://pbx/sip', domain: 'pbx', number: '101', token: 't', instanceId: 'urn:uuid:1' };
  const line = new LineRunner(
    account,
    {
      onRegistered: (atOnce) => told.push(atOnce ? 'registered' : 'registered at last'),
      onRegistrationFailed: () => told.push('registration failed'),
      onUnanswered: () => told.push('unanswered'),
      keepsLine: () => keepsLine,
      onOffered: (session) => offered.push(session),
      onRingingLost: () => told.push('ringing lost'),
    },
    browserWorld,
    (...given) => {
      const made = new FakeUserAgent(...given);
      agents.push(made);
      return made;
    },
  );
  lines.push(line);
  const [agent] = agents;
  if (agent === undefined) throw new Error('no user agent was made');
  const register = () => {
    line.start();
    agent.says.onConnected();
    agent.says.onRegistered();
  };
  return { line, agent, told, offered, register };
}

test('it connects once it is started, registers, and hands on what is offered', () => {
  const { line, agent, told, offered, register } = page();
  expect([line.line.kind, agent.asked]).toEqual(['idle', []]);
  register();
  expect([line.line.kind, agent.asked, told]).toEqual(['registered', ['connect'], ['registered']]);
  expect(offered).toEqual([agent.offer('102')]);
});

describe('a line that is lost', () => {
  test('is tried again after a pause, and the call that rang on it is dropped', () => {
    const { line, agent, told, register } = page();
    register();
    agent.says.onDisconnected();
    expect([line.line.kind, told.at(-1)]).toEqual(['waiting', 'ringing lost']);
    vi.advanceTimersByTime(1_000);
    expect([line.line.kind, agent.asked]).toEqual(['connecting', ['connect', 'connect']]);
  });

  test('is tried once more where an attempt gets no answer, as the network may be back since', () => {
    const { line, agent, register } = page();
    register();
    line.doubt();
    expect(agent.asked).toEqual(['connect', 'disconnect', 'connect']);
    vi.advanceTimersByTime(10_000);
    expect([line.line.kind, agent.asked.slice(3)]).toEqual(['connecting', ['disconnect', 'connect']]);
  });

  test('is tried at once where that is asked for, and not once more after the pause', () => {
    const { line, agent, register } = page();
    register();
    agent.says.onDisconnected();
    line.tryNow();
    expect(agent.asked).toEqual(['connect', 'connect']);
    agent.says.onConnected();
    agent.says.onRegistered();
    vi.advanceTimersByTime(PAUSE_MS);
    expect([line.line.kind, agent.asked]).toEqual(['registered', ['connect', 'connect']]);
  });
});

describe('a registration that fails', () => {
  test('ends the connection, and all of it is tried again', () => {
    const { line, agent, told, register } = page();
    register();
    agent.says.onRegistrationFailed();
    expect(line.line.kind).toBe('waiting');
    expect(agent.asked).toEqual(['connect', 'disconnect']);
    expect(told).toEqual(['registered', 'ringing lost', 'registration failed']);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(agent.asked.at(-1)).toBe('connect');
  });

  test('leaves a line with a call as it is', () => {
    const { line, agent, told, register } = page({ keepsLine: true });
    register();
    agent.says.onRegistrationFailed();
    expect([line.line.kind, agent.asked]).toEqual(['registered', ['connect']]);
    expect(told.at(-1)).toBe('registration failed');
  });
});

test('it says whether it came back as soon as it was found dead, or the network had been away', () => {
  const { line, agent, told, register } = page();
  register();
  line.doubt();
  agent.says.onConnected();
  agent.says.onRegistered();
  expect(told.at(-1)).toBe('registered');
  line.doubt();
  agent.says.onDisconnected();
  line.tryNow();
  agent.says.onConnected();
  agent.says.onRegistered();
  expect(told.at(-1)).toBe('registered at last');
});

test('a request that the server has not answered makes the page ask', () => {
  const { agent, told, register } = page();
  register();
  agent.says.onUnanswered();
  expect(told).toEqual(['registered', 'unanswered']);
});

describe('a flow that is asked whether it stands', () => {
  const never = new Promise(() => undefined);

  test.for([true, false])('stands where the server answers: %s', async (isHeard) => {
    const { line, agent, register } = page();
    register();
    agent.isHeard = isHeard;
    expect(await line.stands(never)).toBe(isHeard);
  });

  test('does not stand where the server has answered over another connection, and not on it', async () => {
    const { line, agent, register } = page();
    register();
    agent.answers = () => never as Promise<boolean>;
    const stands = line.stands(Promise.resolve());
    await vi.advanceTimersByTimeAsync(200);
    expect(await stands).toBe(false);
  });

  test('is none where another one is being connected, or has taken its place meanwhile', async () => {
    const { line, agent, register } = page();
    expect(await line.stands(never)).toBe(true);
    register();
    agent.isHeard = false;
    const stands = line.stands(never);
    line.doubt();
    expect(await stands).toBe(true);
  });
});

test('once closed, it disconnects and no longer listens to the clock', () => {
  const { line, agent, told, register } = page();
  register();
  agent.says.onDisconnected();
  line.close();
  const before = told.length;
  vi.advanceTimersByTime(PAUSE_MS);
  expect([line.line.kind, told.length, vi.getTimerCount()]).toEqual(['idle', before, 0]);
  expect(agent.asked).toEqual(['connect', 'disconnect']);
});
