import { closeSync, openSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { logDestination } from './log-destination.ts';

test.for(['EIO', 'ENOSPC', 'EPIPE'])(
  'a log that cannot be written (%s) throws no exception, however often',
  (code) => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const destination = logDestination(full);
    const fail = () => destination.emit('error', Object.assign(new Error('no log'), { code }));
    expect(fail).not.toThrow();
    expect(fail).not.toThrow();
  },
);
