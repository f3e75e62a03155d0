import { FakeFlow } from './fake-flow.ts';
import { createMailbox, holdsFlowContract } from './flow.contract.ts';
import type { Connect } from './flow.contract.ts';

const connect: Connect = (listener) => {
  const messages = createMailbox<string>();
  let end: (how: { code: number; reason: string }) => void = () => undefined;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    end = resolve;
  });
  const flow = new FakeFlow({
    ...listener,
    closed: (which, reason) => {
      end(flow.closedWith ?? { code: 1006, reason: '' });
      listener.closed(which, reason);
    },
  });
  flow.peer = messages.put;
  const peer = {
    send: (frame: string) => {
      flow.receive(frame);
    },
    hangUp: () => {
      flow.hangUp();
    },
    next: messages.take,
    closed,
  };
  return Promise.resolve({ flow, peer });
};

holdsFlowContract('memory', connect, () => Promise.resolve());
