import { expect, test } from 'vitest';
import { connectCall } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { reseatable, takeSeat } from './support/seated-phone.ts';
import * as sip from './support/sip-message.ts';
import { skipAndSpeak } from './support/spoken-message.ts';

const on = stage({ PERCH_LOG: 'debug' });

type Line = Readonly<Record<string, unknown>>;
const linesOf = (message: string): readonly Line[] => on.server.log.filter(({ msg }) => msg === message);
/** What only lines about calls have. */
const isAboutCalls = ({ msg }: Line): boolean => msg === 'call over' || msg === 'voicemail';

test('a call that is sent on, and ends in a mailbox, has one id in every line of the log', async () => {
  const [ada, ben] = [await on.register('101'), await reseatable(on, '102')];
  const [referrer] = await connectCall(ada, ben);
  const referred = await referrer.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
  expect(sip.status(referred)).toBe(202);
  const { dialog, peer } = await takeSeat(ben);
  await skipAndSpeak(dialog, peer, 660);
  await dialog.request('BYE');
  peer.close();
  await expect.poll(() => linesOf('call over')).toHaveLength(1);
  const lines = on.server.log.filter(isAboutCalls);
  expect(lines.map(({ msg, outcome }) => [msg, outcome])).toEqual([
    ['voicemail', 'kept'],
    ['call over', 'answered'],
  ]);
  expect(new Set(lines.map(({ call }) => call)).size).toBe(1);
  expect(lines[0]?.['call']).toMatch(/^\S{8,}$/);
});
